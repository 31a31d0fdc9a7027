// argv of bqconn-emulator → what is meant. No work is done here, and no value is quoted in an
// error.
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
    std::string tls_ca;  // given to the command as BQCONN_CA_FILE; empty: the certificate itself
    std::string sandbox_name;
    // Fixed credentials in place of random ones; empty: random.
    std::string api_key;
    std::string api_secret_file;
    std::string org_id;
    std::vector<Fault> faults;
    // What stands behind the connections; ServiceOptions says more.
    std::vector<bool> test_results;
    std::string bad_credentials_file;
    std::string bigquery_file;
    GoogleFailures google;
    AdobeFailures adobe;
    std::chrono::seconds date_shift{0};
    bool patch = true;
    bool licensed = true;
    MadeUpConnections connections;  // in the sandbox, from the start
    // Credentials to write there before anything runs; empty: not wanted.
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
    std::string text;  // for stdout, where nothing is to be run: help or version
};

// `arguments` without the program's name. Throws Error (usage).
ParsedOptions parse_options(std::span<const std::string> arguments);

// Every long option of either verb, "--port".
std::vector<std::string> option_names();

}  // namespace bqconn::emulator
