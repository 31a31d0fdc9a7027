#include "bqconn/emulator/emulator_options.hpp"

#include <fstream>
#include <iterator>
#include <string>
#include <utility>

#include "bqconn/core/error.hpp"
#include "bqconn/core/text.hpp"

namespace bqconn::emulator {
namespace {

std::string read_file(const std::string& path, const std::string& hint) {
    std::ifstream file(path, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(file), {}};
    if (!file) {
        throw Error(ExitCode::config, "file.unreadable", "cannot read " + path, hint);
    }
    return text;
}

// Drops one trailing newline, as bqconn always does.
Secret read_secret(const std::string& path) {
    std::string text = read_file(path, "--api-secret-file requires a file with one line");
    if (text.ends_with('\n')) {
        text.pop_back();
    }
    if (text.ends_with('\r')) {
        text.pop_back();
    }
    if (text.empty() || has_control_character(text)) {
        throw Error(ExitCode::config, "file.malformed",
                    path + " must contain exactly one line of text");
    }
    return Secret(std::move(text));
}

Identity identity_for(const Options& options) {
    Identity identity = make_up_identity();
    if (!options.api_key.empty()) {
        identity.api_key = options.api_key;
    }
    if (!options.api_secret_file.empty()) {
        identity.api_secret = read_secret(options.api_secret_file);
    }
    if (!options.org_id.empty()) {
        identity.org_id = options.org_id;
    }
    return identity;
}

// Treats a file that has been deleted since the start as empty.
std::string read_or_nothing(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

ServiceOptions service_options(const Options& options) {
    ServiceOptions wanted;
    wanted.patch = options.patch;
    wanted.licensed = options.licensed;
    wanted.google = options.google;
    wanted.adobe = options.adobe;
    wanted.date_shift = options.date_shift;
    wanted.test_results = options.test_results;
    if (!options.bad_credentials_file.empty()) {
        // Report an unreadable file at once, not at the first test.
        read_file(options.bad_credentials_file,
                  "--bad-credentials requires an existing file; it may be empty");
        wanted.bad_credentials = [path = options.bad_credentials_file] {
            return read_or_nothing(path);
        };
    }
    if (!options.bigquery_file.empty()) {
        wanted.bigquery = read_bigquery_project(
            read_file(options.bigquery_file, "--bigquery requires a JSON file"),
            options.bigquery_file);
    }
    return wanted;
}

}  // namespace

EmulatorOptions emulator_options(const Options& options) {
    EmulatorOptions wanted;
    wanted.identity = identity_for(options);
    wanted.faults = options.faults;
    wanted.service = service_options(options);
    return wanted;
}

}  // namespace bqconn::emulator
