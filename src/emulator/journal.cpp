#include "bqconn/emulator/journal.hpp"

#include <algorithm>

#include "bqconn/core/inert.hpp"
#include "bqconn/core/text.hpp"
#include "bqconn/crypto/encoding.hpp"

namespace bqconn::emulator {
namespace {

// Whether `text` looks like a parameter name; anything else may be a value.
bool is_parameter_name(std::string_view text) {
    constexpr std::size_t longest = 32;
    return !text.empty() && text.size() <= longest &&
           std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
           });
}

std::string query_names(const Request& request) {
    std::string names;
    for (const auto& pair : request.query) {
        names += (names.empty() ? "?" : "&") +
                 (is_parameter_name(pair.first) ? pair.first : std::string("..."));
    }
    return names;
}

// "403003", "FLOW-1439-404", "invalid_client", from the emulator's own answer; empty if it is not
// an error.
std::string problem_code(const Answer& answer) {
    constexpr int first_error = 400;
    if (answer.status < first_error) {
        return {};
    }
    const Json document = Json::parse(answer.body, nullptr, false);
    for (const std::string_view key : {"error_code", "error"}) {
        if (auto code = json::string_at(document, key); !code.empty()) {
            return code;
        }
    }
    if (document.is_object() && document.contains("error")) {
        // Google's error document: its status field.
        if (auto status = json::string_at(document.at("error"), "status"); !status.empty()) {
            return status;
        }
    }
    const std::string type = json::string_at(document, "type");
    const auto flow = type.find("FLOW-");
    return flow == std::string::npos ? std::string() : type.substr(flow);
}

}  // namespace

std::string log_line(const Request& request, const Answer& answer, std::string_view request_id,
                     std::string_view fault_text) {
    std::string line = request.method + " " + request.path + query_names(request) + " ";
    line += answer.delivery.reset ? std::string("reset") : std::to_string(answer.status);
    if (const auto code = problem_code(answer); !code.empty()) {
        line += " " + code;
    }
    line += " " + std::string(request_id);
    if (!fault_text.empty()) {
        line += " (fault " + std::string(fault_text) + ")";
    }
    return inert_line(line);
}

std::string record_line(const Request& request) {
    Json headers = Json::array();
    for (const auto& [name, value] : request.headers) {
        headers.push_back({name, value});
    }
    const auto question = request.target.find('?');
    Json document = {
        {"method", request.method},
        {"path", request.path},
        {"query", question == std::string::npos ? "" : request.target.substr(question + 1)},
        {"headers", headers}};
    if (is_utf8(request.body)) {
        document["body"] = request.body;
    } else {
        document["bodyBase64"] = crypto::base64(request.body);
    }
    return document.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace bqconn::emulator
