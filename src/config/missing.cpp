#include "bqconn/config/missing.hpp"

#include "bqconn/core/error.hpp"

namespace bqconn::config {
namespace {

std::string line_of(Setting setting) {
    std::string line = "\n  " + label_of(setting);
    if (const auto where = spec_of(setting).where; !where.empty()) {
        line += "\n      " + std::string(where);
    }
    return line;
}

std::string alternatives(const std::string& what, std::initializer_list<Setting> first,
                         std::initializer_list<Setting> second) {
    std::string lines = "\n  " + what + ", either";
    for (const Setting setting : first) {
        lines += "\n  " + std::string("  ") + line_of(setting).substr(3);
    }
    lines += "\n  or";
    for (const Setting setting : second) {
        lines += "\n  " + std::string("  ") + line_of(setting).substr(3);
    }
    return lines;
}

}  // namespace

std::vector<std::string> Missing::flags() const {
    std::vector<std::string> flags;
    for (const Setting setting : settings_) {
        flags.emplace_back(spec_of(setting).flag);
    }
    if (token_) {
        flags.emplace_back(spec_of(Setting::access_token).flag);
    }
    if (google_) {
        flags.emplace_back(spec_of(Setting::refresh_token).flag);
    }
    return flags;
}

void Missing::report() const {
    if (empty()) {
        return;
    }
    std::string message = "missing settings:";
    for (const Setting setting : settings_) {
        message += line_of(setting);
    }
    if (token_) {
        message +=
            alternatives("an Adobe access token", {Setting::api_secret}, {Setting::access_token});
    }
    if (google_) {
        message +=
            alternatives("Google credentials", {Setting::key_file},
                         {Setting::client_id, Setting::client_secret, Setting::refresh_token});
    }
    throw Error(ExitCode::usage, "usage.missing_settings", message,
                "give them as flags, variables or in a file (--env-file, --credentials); "
                "docs/first-connection.md shows where to find each");
}

}  // namespace bqconn::config
