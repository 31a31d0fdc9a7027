#include "bqconn/emulator/form.hpp"

#include "bqconn/core/text.hpp"
#include "bqconn/emulator/problem.hpp"

namespace bqconn::emulator {
namespace {

constexpr std::string_view form_type = "application/x-www-form-urlencoded";

Refused invalid_request(const std::string& description) {
    return oauth_problem(400, "invalid_request", description);
}

}  // namespace

Pairs read_form(const Request& request) {
    if (!request.query.empty()) {
        throw invalid_request("parameters belong in the body, never in the query");
    }
    const std::string type = request.header("Content-Type").value_or("");
    if (to_lower_ascii(trim_ascii(type.substr(0, type.find(';')))) != form_type) {
        throw invalid_request("the body must be " + std::string(form_type));
    }
    return parse_pairs(request.body);
}

std::string parameter(const Pairs& form, std::string_view name) {
    const std::string* found = nullptr;
    for (const auto& [key, value] : form) {
        if (key != name) {
            continue;
        }
        if (found != nullptr) {
            throw invalid_request(std::string(name) + " is given more than once");
        }
        found = &value;
    }
    return found == nullptr ? std::string() : *found;
}

}  // namespace bqconn::emulator
