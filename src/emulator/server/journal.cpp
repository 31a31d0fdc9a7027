#include "emulator/server/journal.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <system_error>

#include "bqconn/core/error.hpp"
#include "bqconn/core/inert.hpp"
#include "bqconn/core/private_file.hpp"
#include "bqconn/core/text.hpp"
#include "bqconn/crypto/encoding.hpp"

namespace bqconn::emulator {
namespace {

// Whether `text` looks like a parameter name; anything else may be a value.
bool is_parameter_name(std::string_view text) {
    constexpr std::size_t longest = 32;
    return !text.empty() && text.size() <= longest &&
           std::ranges::all_of(text,
                               [](unsigned char c) { return std::isalpha(c) != 0 || c == '_'; });
}

// "403003", "FLOW-1439-404", "invalid_client", or the status of Google's error document, from the
// emulator's own answer; empty if it is not an error.
std::string problem_code(const Answer& answer) {
    constexpr int first_error = 400;
    if (answer.status < first_error) {
        return {};
    }
    const Json document = json::parse_or_null(answer.body);
    for (auto code : {json::string_at(document, "error_code"), json::string_at(document, "error"),
                      json::string_at(json::member(document, "error"), "status")}) {
        if (!code.empty()) {
            return code;
        }
    }
    const std::string type = json::string_at(document, "type");
    const auto flow = type.find("FLOW-");
    return flow == std::string::npos ? std::string() : type.substr(flow);
}

}  // namespace

std::string log_line(const Request& request, const Answer& answer, std::string_view request_id) {
    std::string line = request.method + " " + request.path;
    char separator = '?';
    for (const auto& [name, value] : request.query) {
        line += separator + (is_parameter_name(name) ? name : "...");
        separator = '&';
    }
    line += " " + (answer.reset ? "reset" : std::to_string(answer.status));
    if (const auto code = problem_code(answer); !code.empty()) {
        line += " " + code;
    }
    line += " " + std::string(request_id);
    if (!answer.fault.empty()) {
        line += " (fault " + answer.fault + ")";
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
    return dump(document);
}

PrivateLog::PrivateLog(const std::string& path) {
    constexpr mode_t owner_only = 0600;
    file_ = open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, owner_only);
    struct stat status {};
    bool ready = file_ >= 0 && fstat(file_, &status) == 0;
    // Leave devices unchanged.
    if (ready && S_ISREG(status.st_mode)) {
        // For an existing file, set the mode before writing anything.
        ready = fchmod(file_, owner_only) == 0 && ftruncate(file_, 0) == 0;
    }
    if (!ready) {
        const std::string reason = std::generic_category().message(errno);
        if (file_ >= 0) {
            close(file_);
        }
        throw Error(ExitCode::config, "file.unwritable", "cannot write " + path + ": " + reason);
    }
}

PrivateLog::~PrivateLog() {
    close(file_);
}

bool PrivateLog::add_line(std::string_view line) {
    const std::string text = std::string(line) + "\n";
    const std::lock_guard lock(mutex_);
    return write_all(file_, text);
}

}  // namespace bqconn::emulator
