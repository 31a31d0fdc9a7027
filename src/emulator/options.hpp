// The options of bqconn-emulator: one table from which the command line is parsed, and --help and
// the manual page are written. Errors never quote a value.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/faults/fault.hpp"
#include "emulator/google/bigquery_project.hpp"
#include "emulator/identity/identity.hpp"

namespace bqconn::emulator {

// The failures that --google and --adobe request. docs/emulator.md describes each.
enum class GoogleFailure {
    // The refresh token that the emulator issues.
    revoked,
    rapt,
    wrong_client,
    missing_scope,
    no_bigquery_scope,
    // Its OAuth client.
    wrong_secret,
    // Consent.
    allow,
    deny,
    untick,
    testing,
    no_refresh_token,
    // The service account.
    key_deleted,
    account_deleted,
    clock,
    // BigQuery.
    api_disabled,
    no_project,
    no_role,
    no_dataset_role,
};

enum class AdobeFailure {
    // The gateway.
    wrong_key,
    no_profile,
    no_org,
    // Flow Service; Catalog and Schema Registry.
    no_permission,
    no_datasets,
    no_basic,
};

using Clock = std::function<std::chrono::system_clock::time_point()>;

// Receives one line of text without its newline. Called from any thread.
using LineSink = std::function<void(const std::string& line)>;

enum class Mode { exec, serve };

struct Options {
    Mode mode = Mode::serve;
    std::uint16_t port = 0;  // 0: a free one
    // PEM files; both or neither.
    std::string tls_certificate;
    std::string tls_key;
    std::string tls_ca;  // passed to the command as BQCONN_CA_FILE; empty: the certificate itself
    std::string sandbox = "dev";
    // What is not given is random.
    Identity identity = make_up_identity();
    std::string api_secret_file;
    bool give_access_token = false;
    bool google_credentials = true;  // whether the command gets made-up ones

    // How the services behave.
    std::vector<Fault> faults;
    std::set<GoogleFailure> google;
    std::set<AdobeFailure> adobe;
    std::chrono::seconds date_shift{0};  // shifts the Date header only
    // The results of successive connection tests; the last one repeats. Empty: true.
    std::vector<bool> test_results;
    std::string bad_credentials_file;  // one per line, read again for each test
    std::string bigquery_file;         // read again whenever it has changed
    BigQueryProject bigquery = sample_bigquery_project();
    bool patch = true;     // false: PATCH /connections/{id} is not enabled
    bool licensed = true;  // false: the organisation has no licence for the BigQuery source
    // Made-up connections in the sandbox from the start: "Connection 00001", …, and "Other
    // connection 00001", …, with another connection spec.
    std::size_t connections = 0;
    std::size_t other_connections = 0;
    std::chrono::seconds run_time{2};  // of a run, and of enabling or disabling a dataflow
    std::size_t speed = 1;             // time passes this many times as fast for dataflows
    std::size_t runs = 0;              // made-up runs of the first dataflow

    // Credential files to write before anything runs; empty: not written.
    std::string google_key_file;
    std::string google_client_file;
    std::string adobe_credentials_file;
    std::string record_file;
    std::string env_file;
    bool verbose = false;
    std::vector<std::string> command;  // for exec

    // Not on the command line.
    Clock clock = std::chrono::system_clock::now;
    LineSink log = {};     // one line per answer, without secrets; empty: no log
    LineSink warn = {};    // what the user should know; empty: not reported
    LineSink record = {};  // each request to the platform as JSON, with secrets; empty: no record
};

struct ParsedOptions {
    std::optional<Options> options;
    std::string text;  // help or version for stdout, if there is nothing to run
};

// `arguments` excludes the program's name. Reads no file. Throws Error (usage).
ParsedOptions parse_options(std::span<const std::string> arguments);

// Reads the files with the API secret and the tables, and checks that the one with bad credentials
// is readable. Throws Error (config).
void read_files(Options& options);

// --- What --help and the manual page show.

struct HelpEntry {
    std::string term;  // "-v, --verbose", "--port N", "PATH"
    std::string text;
};

struct HelpSection {
    std::string title;      // "Options of serve"
    std::string form = {};  // "METHOD PATH=ACTION[;MODIFIER]..."; may be empty
    std::vector<HelpEntry> entries = {};
};

// "A local emulator of …": what it is, and more sentences about it.
extern const std::string_view help_summary;
extern const std::string_view help_details;
extern const std::string_view help_examples;

// The modes: their forms without the program's name, and what they do.
std::span<const HelpEntry> help_modes();

std::vector<HelpSection> help_sections();

// The output of --help.
std::string help_text();

}  // namespace bqconn::emulator
