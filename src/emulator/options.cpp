#include "emulator/options.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <utility>

#include "bqconn/core/error.hpp"
#include "bqconn/core/text.hpp"
#include "bqconn/version.hpp"

namespace bqconn::emulator {
namespace {

[[noreturn]] void refuse(const std::string& message, const std::string& hint = {}) {
    throw Error(ExitCode::usage, "usage", message, hint);
}

// --- Values

template <typename Number>
Number parse_number(const std::string& flag, std::string_view text, Number largest) {
    const auto number = whole_number<Number>(text);
    if (!number || *number > largest) {
        refuse(flag + " must be a number from 0 to " + std::to_string(largest));
    }
    return *number;
}

std::chrono::seconds parse_shift(const std::string& flag, std::string_view text) {
    constexpr std::chrono::seconds::rep ten_years = 315'360'000;
    const auto seconds = whole_number<std::chrono::seconds::rep>(text);
    if (!seconds || *seconds < -ten_years || *seconds > ten_years) {
        refuse(flag + " must be a number of seconds, at most 315360000",
               "for an earlier Date: --clock=-90");
    }
    return std::chrono::seconds(*seconds);
}

std::vector<bool> parse_test_results(const std::string& text) {
    std::vector<bool> results;
    for (const auto& word : text.empty() ? std::vector<std::string>() : split(text, ',')) {
        if (word != "true" && word != "false") {
            refuse("--test-result must be true, false, or a comma-separated list of these",
                   "example: --test-result false,true");
        }
        results.push_back(word == "true");
    }
    return results;
}

// Failures with the same help.
template <typename Failure>
struct FailureGroup {
    std::vector<std::pair<std::string, Failure>> words;
    std::string help;
};

template <typename Failure>
using Failures = std::vector<FailureGroup<Failure>>;

const Failures<AdobeFailure> adobe_failures{
    {{{"wrong-key", AdobeFailure::wrong_key}}, "The gateway accepts the token but not the API key"},
    {{{"no-profile", AdobeFailure::no_profile}, {"no-org", AdobeFailure::no_org}},
     "The token has no product profile, or belongs to another organisation"},
    {{{"no-permission", AdobeFailure::no_permission}, {"no-datasets", AdobeFailure::no_datasets}},
     "No permission in Flow Service, or for datasets and schemas"},
    {{{"no-basic", AdobeFailure::no_basic}}, "No Basic Authentication, as on AWS"},
};

const Failures<GoogleFailure> google_failures{
    {{{"revoked", GoogleFailure::revoked},
      {"rapt", GoogleFailure::rapt},
      {"wrong-client", GoogleFailure::wrong_client},
      {"missing-scope", GoogleFailure::missing_scope},
      {"no-bigquery-scope", GoogleFailure::no_bigquery_scope}},
     "Affects the refresh token that the emulator issues"},
    {{{"wrong-secret", GoogleFailure::wrong_secret}},
     "Affects the OAuth client that the emulator issues"},
    {{{"allow", GoogleFailure::allow},
      {"deny", GoogleFailure::deny},
      {"untick", GoogleFailure::untick}},
     "Skip the consent page; untick allows only the bigquery scope"},
    {{{"testing", GoogleFailure::testing}, {"no-refresh-token", GoogleFailure::no_refresh_token}},
     "Affects the token response after consent"},
    {{{"key-deleted", GoogleFailure::key_deleted},
      {"account-deleted", GoogleFailure::account_deleted},
      {"clock", GoogleFailure::clock}},
     "Affects the service account"},
    {{{"api-disabled", GoogleFailure::api_disabled},
      {"no-project", GoogleFailure::no_project},
      {"no-role", GoogleFailure::no_role},
      {"no-dataset-role", GoogleFailure::no_dataset_role}},
     "Affects access to BigQuery"},
};

// Lists the valid words and does not quote the invalid one.
template <typename Failure>
Failure parse_failure(const std::string& flag, std::string_view word,
                      const Failures<Failure>& groups) {
    std::vector<std::string> words;
    for (const auto& group : groups) {
        for (const auto& [known, failure] : group.words) {
            if (known == word) {
                return failure;
            }
            words.push_back(known);
        }
    }
    const auto near = nearest(word, std::vector<std::string_view>(words.begin(), words.end()));
    refuse(flag + " must be one of: " + join(words, ", "),
           near ? "did you mean " + *near + "?" : "see docs/emulator.md");
}

// --- The table

enum class Trait { none, repeatable, serve_only };

// Null: --help and --version, which are not options of a run.
using Setter = void (*)(Options& options, const std::string& flag, const std::string& value);

struct OptionSpec {
    std::string_view names;  // "--port", "-v, --verbose"
    std::string_view value;  // "FILE"; empty: a switch
    std::string_view help;
    Setter set;
    Trait trait;
};

constexpr OptionSpec option(std::string_view names, std::string_view value, std::string_view help,
                            Setter set, Trait trait = Trait::none) {
    return {.names = names, .value = value, .help = help, .set = set, .trait = trait};
}

// An empty text counts as not given.
template <auto field>
constexpr OptionSpec text(std::string_view flag, std::string_view value, std::string_view help,
                          Trait trait = Trait::none) {
    const Setter set = [](Options& options, const std::string&, const std::string& given) {
        if (!given.empty()) {
            std::invoke(field, options) = given;
        }
    };
    return option(flag, value, help, set, trait);
}

template <auto field, auto largest>
constexpr OptionSpec number(std::string_view flag, std::string_view help) {
    return option(flag, "N", help, [](Options& options, const auto& name, const auto& given) {
        options.*field = parse_number(name, given, largest);
    });
}

template <auto field, bool meaning = true>
constexpr OptionSpec flag(std::string_view names, std::string_view help) {
    return option(names, "", help,
                  [](Options& options, const auto&, const auto&) { options.*field = meaning; });
}

template <auto field, const auto& groups>
constexpr OptionSpec failure(std::string_view flag, std::string_view help) {
    const Setter set = [](Options& options, const std::string& name, const std::string& given) {
        (options.*field).insert(parse_failure(name, given, groups));
    };
    return option(flag, "FAILURE", help, set, Trait::repeatable);
}

std::string& api_key_of(Options& options) {
    return options.identity.api_key;
}

std::string& org_id_of(Options& options) {
    return options.identity.org_id;
}

constexpr std::uint16_t largest_port = 65'535;
constexpr std::size_t most_connections = 100'000;
constexpr std::size_t longest_run = 86'400;
constexpr std::size_t highest_speed = 1'000'000;
constexpr std::size_t most_runs = 100'000;

constexpr auto option_specs = std::to_array<OptionSpec>({
    number<&Options::port, largest_port>("--port", "Port on 127.0.0.1 (default 0: a free one)"),
    text<&Options::tls_certificate>("--tls-cert", "FILE",
                                    "Serve HTTPS with this certificate (PEM, valid for 127.0.0.1)"),
    text<&Options::tls_key>("--tls-key", "FILE",
                            "The certificate's private key (PEM, no passphrase)"),
    text<&Options::tls_ca>("--tls-ca", "FILE",
                           "Set as BQCONN_CA_FILE for the command (default: the --tls-cert file)"),
    text<&Options::sandbox>("--sandbox", "NAME",
                            "Sandbox for the command: prod, dev (default), aws-dev"),
    text<api_key_of>("--api-key", "TEXT", "Adobe client ID to accept (default: random)"),
    text<&Options::api_secret_file>(
        "--api-secret-file", "FILE",
        "File with the Adobe client secret to accept (default: random)"),
    text<org_id_of>("--org-id", "TEXT", "Organisation to accept (default: random)"),
    flag<&Options::give_access_token>("--give-access-token",
                                      "Provide an access token instead of a client secret"),
    flag<&Options::google_credentials, false>("--no-google",
                                              "Do not provide made-up Google credentials"),
    text<&Options::google_key_file>(
        "--google-key", "FILE",
        "Write a service-account key that the emulated Google accepts, mode 0600"),
    text<&Options::google_client_file>(
        "--google-client", "FILE",
        "Write its OAuth client, in the format of Google's console download"),
    failure<&Options::google, google_failures>("--google",
                                               "Failure at Google; repeatable (see below)"),
    text<&Options::adobe_credentials_file>(
        "--adobe-credentials", "FILE", "Write the Adobe credentials, as an aepp config, mode 0600"),
    failure<&Options::adobe, adobe_failures>("--adobe", "Failure at Adobe; repeatable (see below)"),
    option("--clock", "SECONDS",
           "Move the Date of every answer forward; --clock=-SECONDS moves it back",
           [](Options& options, const auto& flag, const auto& value) {
               options.date_shift = parse_shift(flag, value);
           }),
    option(
        "--fault", "FAULT", "Return a wrong answer on purpose; repeatable (see below)",
        [](Options& options, const auto&, const auto& value) {
            options.faults.push_back(parse_fault(value));
        },
        Trait::repeatable),
    option("--test-result", "RESULT",
           "Result of GET /connections/{id}/test: true (default), false, or a list such as "
           "false,true; the last one repeats",
           [](Options& options, const auto&, const auto& value) {
               options.test_results = parse_test_results(value);
           }),
    text<&Options::bad_credentials_file>(
        "--bad-credentials", "FILE",
        "Credentials for which tests return false, one per line; read at each test"),
    text<&Options::bigquery_file>(
        "--bigquery", "FILE",
        "JSON file with the tables of the connections, read again when it changes "
        "(default: built in)"),
    flag<&Options::patch, false>("--no-patch", "Disable PATCH"),
    flag<&Options::licensed, false>("--unlicensed",
                                    "The organisation has no licence for the BigQuery source"),
    number<&Options::connections, most_connections>(
        "--connections", "Start with N made-up connections in the sandbox"),
    number<&Options::other_connections, most_connections>(
        "--other-connections", "Also start with N connections of a source other than BigQuery"),
    option("--run-time", "SECONDS",
           "Duration of a dataflow run, and of enabling or disabling a dataflow (default 2)",
           [](Options& options, const auto& flag, const auto& value) {
               options.run_time = std::chrono::seconds(parse_number(flag, value, longest_run));
           }),
    number<&Options::speed, highest_speed>("--speed",
                                           "Time passes N times as fast for dataflows (default 1)"),
    number<&Options::runs, most_runs>(
        "--runs", "Give the first dataflow N made-up runs, some of them failed"),
    text<&Options::record_file>(
        "--record", "FILE",
        "Write each request to the platform as a line of JSON, mode 0600. The file deliberately "
        "includes the credentials sent; it is meant for tests"),
    flag<&Options::verbose>("-v, --verbose",
                            "Write one line per request to stderr, without secrets"),
    option("-h, --help", "", "Show this help", nullptr),
    option("--version", "", "Show the version", nullptr),
    text<&Options::env_file>(
        "--env-file", "FILE",
        "Write URL and credentials as NAME=value lines, mode 0600, before printing the URL",
        Trait::serve_only),
});

// --- Parsing

struct Parser {
    CLI::App app;
    CLI::App* exec = app.add_subcommand("exec");
    CLI::App* serve = app.add_subcommand("serve");

    Parser() {
        for (CLI::App* part : {&app, exec, serve}) {
            part->set_help_flag();
        }
        for (const OptionSpec& spec : option_specs) {
            if (spec.set == nullptr) {
                add(app, spec);
            }
            if (spec.trait != Trait::serve_only) {
                add(*exec, spec);
            }
            add(*serve, spec);
        }
    }

    // All values are strings: CLI11's own conversions quote them in error messages.
    static void add(CLI::App& part, const OptionSpec& spec) {
        const std::string names(spec.names);
        if (spec.value.empty()) {
            part.add_flag(names);
        } else {
            part.add_option(names)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
        }
    }

    bool has(const std::string& flag) const {
        return app.count(flag) + exec->count(flag) + serve->count(flag) > 0;
    }
};

// Names the unknown option. Any other unexpected argument is not quoted: it may be a secret.
[[noreturn]] void refuse_extras(const CLI::App& part, std::span<const std::string> arguments) {
    std::vector<std::string> names;
    for (const CLI::Option* option : part.get_options()) {
        for (const auto& name : option->get_lnames()) {
            names.push_back("--" + name);
        }
    }
    for (const auto& argument : arguments) {
        const std::string name = argument.substr(0, argument.find('='));
        if (name.starts_with("--") && std::ranges::find(names, name) == names.end()) {
            const auto near =
                nearest(name, std::vector<std::string_view>(names.begin(), names.end()));
            refuse("unknown option " + name,
                   near ? "did you mean " + *near + "?" : "see bqconn-emulator --help");
        }
    }
    refuse("unexpected argument", "put the command for exec after --; see bqconn-emulator --help");
}

void parse_arguments(Parser& parser, std::span<const std::string> arguments) {
    // CLI11 expects them in reverse order.
    std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
    try {
        parser.app.parse(reversed);
    } catch (const CLI::ArgumentMismatch& error) {
        const std::string text = error.what();
        refuse(text.substr(0, text.find(':')) + " requires a value", "see bqconn-emulator --help");
    } catch (const CLI::ParseError&) {
        const auto verbs = parser.app.get_subcommands();
        refuse_extras(verbs.empty() ? parser.app : *verbs.front(), arguments);
    }
}

void set_options(Options& options, const CLI::App& verb) {
    for (const OptionSpec& spec : option_specs) {
        const std::string flag(spec.names.substr(spec.names.find("--")));
        const CLI::Option* option = verb.get_option_no_throw(flag);
        const auto values = option == nullptr ? CLI::results_t() : option->results();
        if (values.size() > 1 && !spec.value.empty() && spec.trait != Trait::repeatable) {
            refuse(flag + " may be given only once");
        }
        for (const auto& value : values) {
            spec.set(options, flag, value);
        }
    }
}

void check(const Options& options) {
    if (options.tls_certificate.empty() != options.tls_key.empty()) {
        refuse("--tls-cert and --tls-key require each other",
               "pass both, or neither for plain HTTP");
    }
    if (!options.tls_ca.empty() && options.tls_certificate.empty()) {
        refuse("--tls-ca requires --tls-cert and --tls-key");
    }
    if (options.mode == Mode::exec && options.command.empty()) {
        refuse("exec requires a command",
               "put it after --, for example: bqconn-emulator exec -- bqconn create");
    }
    if (options.mode == Mode::serve && !options.command.empty()) {
        refuse("serve does not run a command", "use: bqconn-emulator exec -- COMMAND");
    }
}

std::string read_file(const std::string& path, const std::string& hint) {
    std::ifstream file(path, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(file), {}};
    if (!file) {
        throw Error(ExitCode::config, "file.unreadable", "cannot read " + path, hint);
    }
    return text;
}

// --- Help

constexpr std::size_t help_width = 98;

HelpSection options_section(const std::string& title, bool serve_only) {
    HelpSection section{.title = title};
    for (const OptionSpec& spec : option_specs) {
        if ((spec.trait == Trait::serve_only) == serve_only) {
            std::string term(spec.names);
            term += (spec.value.empty() ? "" : " ") + std::string(spec.value);
            section.entries.push_back({term, std::string(spec.help)});
        }
    }
    return section;
}

template <typename Failure>
HelpSection failures_section(const std::string& title, const Failures<Failure>& groups) {
    HelpSection section{.title = title};
    for (const auto& group : groups) {
        std::string term;
        for (const auto& word : group.words) {
            term += (term.empty() ? "" : ", ") + word.first;
        }
        section.entries.push_back({term, group.help});
    }
    return section;
}

// `text` after `start`, wrapped at word boundaries, with later lines indented.
std::string wrapped(std::string start, std::string_view text, std::size_t indent) {
    std::string out;
    bool at_start = true;
    for (const auto& word : split(text, ' ')) {
        if (!at_start && start.size() + 1 + word.size() > help_width) {
            out += std::exchange(start, std::string(indent, ' ')) + "\n";
            at_start = true;
        }
        start += (at_start ? "" : " ") + word;
        at_start = false;
    }
    return out + start + "\n";
}

std::string help_entry(const HelpEntry& entry, std::size_t column) {
    std::string start = "  " + entry.term;
    std::string out;
    if (start.size() >= column) {
        out = std::exchange(start, {}) + "\n";
    }
    start.resize(column, ' ');
    return out + wrapped(start, entry.text, column);
}

}  // namespace

ParsedOptions parse_options(std::span<const std::string> arguments) {
    const auto dashes = std::ranges::find(arguments, "--");
    const auto own = static_cast<std::size_t>(dashes - arguments.begin());
    Parser parser;
    parse_arguments(parser, arguments.first(own));
    if (parser.has("--version")) {
        return {std::nullopt, std::string("bqconn-emulator ") + version + "\n"};
    }
    if (parser.has("--help") || arguments.empty()) {
        return {std::nullopt, help_text()};
    }
    if (parser.app.get_subcommands().size() != 1) {
        refuse("one verb is required: exec or serve", "see bqconn-emulator --help");
    }
    Options options;
    options.mode = parser.exec->parsed() ? Mode::exec : Mode::serve;
    set_options(options, *parser.app.get_subcommands().front());
    if (own < arguments.size()) {
        options.command.assign(dashes + 1, arguments.end());
    }
    check(options);
    return {std::move(options), {}};
}

void read_files(Options& options) {
    if (!options.api_secret_file.empty()) {
        std::string text =
            read_file(options.api_secret_file, "--api-secret-file requires a file with one line");
        // Drop one trailing newline, as bqconn always does.
        for (const char end : {'\n', '\r'}) {
            if (text.ends_with(end)) {
                text.pop_back();
            }
        }
        if (text.empty() || has_control_character(text)) {
            throw Error(ExitCode::config, "file.malformed",
                        options.api_secret_file + " must contain exactly one line of text");
        }
        options.identity.api_secret = Secret(std::move(text));
    }
    if (!options.bad_credentials_file.empty()) {
        // Report an unreadable file at once, not at the first test.
        read_file(options.bad_credentials_file,
                  "--bad-credentials requires an existing file; it may be empty");
    }
    if (!options.bigquery_file.empty()) {
        options.bigquery = read_bigquery_project(
            read_file(options.bigquery_file, "--bigquery requires a JSON file"),
            options.bigquery_file);
    }
}

const std::string_view help_summary =
    "a local emulator of Adobe's Flow Service and IMS, and of the Google services they depend on, "
    "for trying out and testing bqconn and other clients.";

const std::string_view help_details =
    "It listens on 127.0.0.1 only, keeps everything in memory, and accepts made-up credentials "
    "only.";

const std::string_view help_examples =
    R"(  bqconn-emulator exec -- bqconn create
  bqconn-emulator exec -- sh -c 'bqconn create --name demo | jq -r .id'
  bqconn-emulator exec --fault 'POST /connections=429;retry-after=1;times=2' -- bqconn create
  bqconn-emulator exec --connections 10000 -- bqconn list
  bqconn-emulator serve --port 8080 --env-file emulator.env
      then, elsewhere: bqconn create --env-file emulator.env
)";

std::span<const HelpEntry> help_modes() {
    static const std::array<HelpEntry, 2> modes{
        {{"exec [OPTIONS] -- COMMAND [ARGUMENTS]",
          "Run COMMAND with the emulator's URL and working credentials in its environment "
          "(BQCONN_PLATFORM_URL, BQCONN_IMS_URL, BQCONN_API_KEY, ...) and exit with its status; "
          "127 if it is not found, 126 if it cannot be run, 128+N if signal N ended it."},
         {"serve [OPTIONS]", "Print the URL on stdout and keep running until SIGTERM or SIGINT."}}};
    return modes;
}

std::vector<HelpSection> help_sections() {
    return {options_section("Options", false),
            options_section("Options of serve", true),
            failures_section("Failures at Adobe", adobe_failures),
            failures_section("Failures at Google", google_failures),
            {.title = "Faults",
             .form = "METHOD PATH=ACTION[;MODIFIER]...",
             .entries = {
                 {"METHOD", "GET, HEAD, POST, PATCH, DELETE, or * for any"},
                 {"PATH",
                  "below Flow Service's base path (/connections, /connections/*/test), or the full "
                  "path (/ims/token/v3, /data/foundation/sandbox-management/); * matches one "
                  "segment"},
                 {"ACTION",
                  "503 (any status 200-599, with its error document), html-502, empty-200, reset; "
                  "apply-then-500, apply-then-reset, ... (carry out the request first); "
                  "truncate=BYTES (cut the real body), slow=MILLISECONDS (delay the real answer)"},
                 {"MODIFIER",
                  "times=N, after=N (N requests pass first), slow=MILLISECONDS, "
                  "retry-after=SECONDS"}}}};
}

std::string help_text() {
    constexpr std::size_t option_column = 25;
    constexpr std::size_t form_column = 12;
    constexpr std::size_t mode_indent = 6;
    std::string text =
        wrapped("bqconn-emulator: ", help_summary, 0) + std::string(help_details) + "\n\nUsage:\n";
    for (const HelpEntry& mode : help_modes()) {
        text += "  bqconn-emulator " + mode.term + "\n" +
                wrapped(std::string(mode_indent, ' '), mode.text, mode_indent);
    }
    for (const HelpSection& section : help_sections()) {
        text +=
            "\n" + section.title + ":" + (section.form.empty() ? "" : " ") + section.form + "\n";
        for (const HelpEntry& entry : section.entries) {
            text += help_entry(entry, section.form.empty() ? option_column : form_column);
        }
    }
    return text + "\nExamples:\n" + std::string(help_examples);
}

}  // namespace bqconn::emulator
