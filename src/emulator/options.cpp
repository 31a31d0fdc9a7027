#include "bqconn/emulator/options.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <limits>
#include <string_view>

#include "bqconn/core/error.hpp"
#include "bqconn/core/text.hpp"
#include "bqconn/emulator/help.hpp"
#include "bqconn/version.hpp"

namespace bqconn::emulator {
namespace {

[[noreturn]] void refuse(const std::string& message, const std::string& hint) {
    throw Error(ExitCode::usage, "usage", message, hint);
}

// The parser and the values it fills in. All values are strings: CLI11's own conversions quote them
// in error messages.
struct Parser {
    CLI::App app;
    CLI::App* exec = app.add_subcommand("exec");
    CLI::App* serve = app.add_subcommand("serve");
    Options options;
    std::string port = "0";
    std::vector<std::string> faults;
    std::vector<std::string> google;
    std::vector<std::string> adobe;
    std::string date_shift = "0";
    std::string test_results;
    bool no_google = false;
    bool no_patch = false;
    bool unlicensed = false;
    std::string connections = "0";
    std::string other_connections = "0";
    bool help = false;
    bool version = false;

    Parser() {
        for (CLI::App* part : {&app, exec, serve}) {
            part->set_help_flag();
            part->add_flag("-h,--help", help);
            part->add_flag("--version", version);
        }
        for (CLI::App* verb : {exec, serve}) {
            add_common(*verb);
        }
        serve->add_option("--env-file", options.env_file);
    }

    void add_common(CLI::App& verb) {
        verb.add_option("--port", port);
        verb.add_option("--tls-cert", options.server.tls_certificate);
        verb.add_option("--tls-key", options.server.tls_key);
        verb.add_option("--tls-ca", options.tls_ca);
        verb.add_option("--sandbox", options.sandbox_name);
        verb.add_option("--api-key", options.api_key);
        verb.add_option("--api-secret-file", options.api_secret_file);
        verb.add_option("--org-id", options.org_id);
        verb.add_flag("--give-access-token", options.give_access_token);
        verb.add_flag("--no-google", no_google);
        // One value each; otherwise CLI11 would take the following arguments as more values.
        verb.add_option("--fault", faults)->type_size(1)->allow_extra_args(false);
        verb.add_option("--google", google)->type_size(1)->allow_extra_args(false);
        verb.add_option("--adobe", adobe)->type_size(1)->allow_extra_args(false);
        verb.add_option("--clock", date_shift);
        verb.add_option("--google-key", options.google_key_file);
        verb.add_option("--google-client", options.google_client_file);
        verb.add_option("--adobe-credentials", options.adobe_credentials_file);
        verb.add_option("--test-result", test_results);
        verb.add_option("--bad-credentials", options.bad_credentials_file);
        verb.add_option("--bigquery", options.bigquery_file);
        verb.add_flag("--no-patch", no_patch);
        verb.add_flag("--unlicensed", unlicensed);
        verb.add_option("--connections", connections);
        verb.add_option("--other-connections", other_connections);
        verb.add_option("--record", options.record_file);
        verb.add_flag("-v,--verbose", options.verbose);
    }
};

std::size_t parse_number(const std::string& option, const std::string& text,
                         std::size_t largest = 100'000) {
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size() || number > largest) {
        refuse(option + " must be a number from 0 to " + std::to_string(largest),
               option == "--clock" ? "for an earlier Date: --clock=-90" : "");
    }
    return number;
}

std::chrono::seconds parse_shift(const std::string& text) {
    const bool back = text.starts_with('-');
    constexpr std::size_t ten_years = 315'360'000;
    const auto seconds = static_cast<std::chrono::seconds::rep>(
        parse_number("--clock", text.substr(back ? 1 : 0), ten_years));
    return std::chrono::seconds(back ? -seconds : seconds);
}

std::vector<bool> parse_test_results(const std::string& text) {
    std::vector<bool> results;
    if (text.empty()) {
        return results;
    }
    for (const auto& word : split(text, ',')) {
        if (word != "true" && word != "false") {
            refuse("--test-result must be true, false, or a comma-separated list of these",
                   "example: --test-result false,true");
        }
        results.push_back(word == "true");
    }
    return results;
}

void check(const Options& options) {
    if (options.server.tls_certificate.empty() != options.server.tls_key.empty()) {
        refuse("--tls-cert and --tls-key require each other",
               "give both, or neither for plain HTTP");
    }
    if (!options.tls_ca.empty() && options.server.tls_certificate.empty()) {
        refuse("--tls-ca requires --tls-cert and --tls-key", "");
    }
    if (options.mode == Mode::exec && options.command.empty()) {
        refuse("exec requires a command",
               "put it after --, for example: bqconn-emulator exec -- bqconn create");
    }
    if (options.mode == Mode::serve && !options.command.empty()) {
        refuse("serve does not run a command", "use: bqconn-emulator exec -- COMMAND");
    }
}

std::vector<std::string> names_of_options(const CLI::App& verb) {
    std::vector<std::string> names;
    for (const CLI::Option* option : verb.get_options()) {
        for (const auto& name : option->get_lnames()) {
            names.push_back("--" + name);
        }
    }
    return names;
}

// Names the unknown option. Any other unexpected argument is not quoted: it may be a secret.
[[noreturn]] void refuse_extras(const CLI::App& verb, std::span<const std::string> arguments) {
    const auto names = names_of_options(verb);
    const std::vector<std::string_view> candidates(names.begin(), names.end());
    for (const auto& argument : arguments) {
        const std::string name = argument.substr(0, argument.find('='));
        const bool known = std::find(names.begin(), names.end(), name) != names.end();
        if (name.starts_with("--") && !known) {
            const auto near = nearest(name, candidates);
            refuse("unknown option " + name,
                   near ? "did you mean " + *near + "?" : "see bqconn-emulator --help");
        }
    }
    refuse("unexpected argument", "put the command for exec after --; see bqconn-emulator --help");
}

void parse_own(Parser& parser, std::span<const std::string> arguments) {
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

// Sets all options except the command.
Options options_of(Parser& parser) {
    Options options = std::move(parser.options);
    options.mode = parser.exec->parsed() ? Mode::exec : Mode::serve;
    options.server.port = static_cast<std::uint16_t>(
        parse_number("--port", parser.port, std::numeric_limits<std::uint16_t>::max()));
    options.google_credentials = !parser.no_google;
    options.test_results = parse_test_results(parser.test_results);
    options.patch = !parser.no_patch;
    options.licensed = !parser.unlicensed;
    options.connections.bigquery = parse_number("--connections", parser.connections);
    options.connections.other = parse_number("--other-connections", parser.other_connections);
    options.date_shift = parse_shift(parser.date_shift);
    for (const auto& text : parser.faults) {
        options.faults.push_back(parse_fault(text));
    }
    for (const auto& word : parser.google) {
        options.google.insert(parse_google_failure(word));
    }
    for (const auto& word : parser.adobe) {
        options.adobe.insert(parse_adobe_failure(word));
    }
    return options;
}

}  // namespace

ParsedOptions parse_options(std::span<const std::string> arguments) {
    const auto dashes = std::find(arguments.begin(), arguments.end(), "--");
    const auto own = static_cast<std::size_t>(dashes - arguments.begin());
    Parser parser;
    parse_own(parser, arguments.first(own));
    if (parser.version) {
        return {std::nullopt, std::string("bqconn-emulator ") + version + "\n"};
    }
    if (parser.help || arguments.empty()) {
        return {std::nullopt, help_text};
    }
    if (parser.app.get_subcommands().size() != 1) {
        refuse("one verb is required: exec or serve", "see bqconn-emulator --help");
    }
    Options options = options_of(parser);
    if (own < arguments.size()) {
        options.command.assign(dashes + 1, arguments.end());
    }
    check(options);
    return {std::move(options), {}};
}

std::vector<std::string> option_names() {
    const Parser parser;
    auto names = names_of_options(*parser.exec);
    const auto more = names_of_options(*parser.serve);
    names.insert(names.end(), more.begin(), more.end());
    return names;
}

}  // namespace bqconn::emulator
