// Parses the command line of bqconn-emulator, and does nothing else. Errors never quote a value.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "bqconn/emulator/failures.hpp"
#include "bqconn/emulator/fault.hpp"
#include "bqconn/emulator/made_up_connections.hpp"
#include "bqconn/emulator/server.hpp"

namespace bqconn::emulator {

enum class Mode { exec, serve };

struct Options {
    Mode mode = Mode::serve;
    ServerOptions server;
    std::string tls_ca;  // passed to the command as BQCONN_CA_FILE; empty: the certificate itself
    std::string sandbox_name;
    // Fixed credentials; empty: random.
    std::string api_key;
    std::string api_secret_file;
    std::string org_id;
    std::vector<Fault> faults;
    // How the services behave; see ServiceOptions.
    std::vector<bool> test_results;
    std::string bad_credentials_file;
    std::string bigquery_file;
    GoogleFailures google;
    AdobeFailures adobe;
    std::chrono::seconds date_shift{0};
    bool patch = true;
    bool licensed = true;
    MadeUpConnections connections;  // in the sandbox from the start
    // Credential files to write before anything runs; empty: not written.
    std::string google_key_file;
    std::string google_client_file;
    std::string adobe_credentials_file;
    std::string record_file;
    bool verbose = false;
    // exec
    bool give_access_token = false;
    bool google_credentials = true;
    std::vector<std::string> command;
    // serve
    std::string env_file;
};

struct ParsedOptions {
    std::optional<Options> options;
    std::string text;  // help or version for stdout, if there is nothing to run
};

// `arguments` excludes the program's name. Throws Error (usage).
ParsedOptions parse_options(std::span<const std::string> arguments);

// Every long option of either verb, "--port".
std::vector<std::string> option_names();

}  // namespace bqconn::emulator
