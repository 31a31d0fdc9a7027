#include "bqconn/cli/run.hpp"

#include <algorithm>
#include <exception>
#include <optional>

#include "bqconn/cli/help.hpp"
#include "bqconn/cli/parse.hpp"
#include "bqconn/config/settings.hpp"
#include "bqconn/core/error.hpp"
#include "bqconn/core/text.hpp"
#include "bqconn/http/logging_transport.hpp"
#include "bqconn/output/format.hpp"
#include "cli/complete.hpp"
#include "cli/hide_secrets.hpp"

namespace bqconn::cli {
namespace {

using config::Setting;
using output::Format;

// The output format, found without parsing, so that errors about the command line itself use it.
std::string format_word_in(const Program& program) {
    const auto& args = program.args;
    for (std::size_t i = 0; i < args.size(); ++i) {
        if ((args[i] == "-o" || args[i] == "--output") && i + 1 < args.size()) {
            return args[i + 1];
        }
        for (const std::string_view prefix : {"--output=", "-o"}) {
            if (args[i].starts_with(prefix) && args[i].size() > prefix.size()) {
                return args[i].substr(prefix.size());
            }
        }
    }
    const auto variable =
        config::find(program.environment, config::spec_of(Setting::output).variable);
    return variable.empty() ? "auto" : std::string(variable);
}

bool auto_is_text(const Verb* verb, const output::Streams& streams) {
    return streams.out_is_terminal || (verb != nullptr && verb->auto_is_text);
}

// Errors are JSON if results are, but text with "auto" if stderr is a terminal.
output::Notes notes_for(const std::string& format_word, const Verb* verb,
                        const output::Streams& streams) {
    const auto format = output::parse_format(format_word, auto_is_text(verb, streams));
    const bool json = format == Format::json || format == Format::ndjson;
    return json && !(format_word == "auto" && streams.err_is_terminal) ? output::Notes::json
                                                                       : output::Notes::text;
}

// Throws Error (usage) if the verb does not support the format.
Format format_of(const Verb& verb, const config::Settings& settings,
                 const output::Streams& streams) {
    if (verb.formats.empty()) {
        return Format::text;
    }
    const bool given = settings.has(Setting::output);
    const std::string word = given ? settings.text(Setting::output) : "auto";
    const Format format = output::parse_format(word, auto_is_text(&verb, streams)).value();
    if (std::find(verb.formats.begin(), verb.formats.end(), format) != verb.formats.end()) {
        return format;
    }
    std::string choice = "auto";
    for (const Format one : verb.formats) {
        choice += ", " + std::string(output::name_of(one));
    }
    throw Error(ExitCode::usage, "usage.invalid_value",
                describe(settings.source(Setting::output)) + ": format not supported by bqconn " +
                    std::string(verb.name),
                "use one of: " + choice);
}

// As in other tools: the flag first, then the variable that forces colours, then those that forbid
// them, then whether the stream is a terminal.
bool wants_colour(const Program& program, const Invocation& invocation, bool is_terminal) {
    const auto value = [&program](std::string_view name) {
        return config::find(program.environment, name);
    };
    if (invocation.has("--no-color")) {
        return false;
    }
    if (!value("CLICOLOR_FORCE").empty() && value("CLICOLOR_FORCE") != "0") {
        return true;
    }
    const bool forbidden =
        !value("NO_COLOR").empty() || value("CLICOLOR") == "0" || value("TERM") == "dumb";
    return is_terminal && !forbidden;
}

std::string pager_of(const Program& program, const config::Settings& settings) {
    std::string command = settings.has(Setting::pager)
                              ? settings.text(Setting::pager)
                              : std::string(config::find(program.environment, "PAGER"));
    return command == "cat" || trim_ascii(command).empty() ? "" : command;
}

std::string level_of(const config::Settings& settings) {
    return settings.has(Setting::log) ? settings.text(Setting::log)
                                      : std::string(config::default_of(Setting::log));
}

// A log file gets everything; stderr shows requests only if asked to.
std::shared_ptr<spdlog::logger> logger_for(const Program& program, const Invocation& invocation,
                                           const config::Settings& settings) {
    const std::string file =
        settings.has(Setting::log_file) ? settings.text(Setting::log_file) : "";
    const bool debug = invocation.has("--verbose") || level_of(settings) == "debug";
    return debug || !file.empty() ? http::make_logger(program.streams.err, file) : nullptr;
}

void run_verb(const Program& program, output::Console& console, const Invocation& invocation) {
    hide_secrets(console, invocation.typed, program.environment);
    console.set_colour(wants_colour(program, invocation, program.streams.out_is_terminal),
                       wants_colour(program, invocation, program.streams.err_is_terminal));
    // A verb without settings reads no files, so a broken profile does not affect it.
    const config::Settings settings =
        invocation.verb->settings.empty()
            ? config::Settings()
            : config::resolve(invocation.typed, program.environment, program.streams.in,
                              invocation.verb->settings, invocation.verb->profiles);
    hide_secrets(console, settings);
    const bool quiet = invocation.has("--quiet") || level_of(settings) == "error";
    console.set_quiet(quiet);
    console.set_notes(
        notes_for(settings.has(Setting::output) ? settings.text(Setting::output) : "auto",
                  invocation.verb, program.streams));
    const Format format = format_of(*invocation.verb, settings, program.streams);
    console.set_pager(pager_of(program, settings));
    if (!invocation.verb->has_warnings) {
        for (const auto& warning : settings.warnings()) {
            console.warning(warning);
        }
    }
    commands::Context context{program.environment,
                              console,
                              program.make_transport,
                              program.clock,
                              logger_for(program, invocation, settings),
                              program.make_listener,
                              program.connects_ahead};
    // A progress line would be garbled by the log.
    console.set_progress(program.streams.err_is_terminal && !quiet && context.logger == nullptr);
    invocation.verb->run(context, {settings, invocation.switches, invocation.operands, format});
}

void run_checked(const Program& program, output::Console& console) {
    console.set_notes(
        notes_for(format_word_in(program), find_verb(program.args).verb, program.streams));
    const Invocation invocation = parse(program.args);
    if (invocation.version) {
        console.result(version_text(program.library_versions()));
    } else if (invocation.group != nullptr) {
        console.result(help_of(*invocation.group));
    } else if (invocation.verb == nullptr) {
        console.result(general_help());
    } else if (invocation.has("--help")) {
        console.result(help_of(*invocation.verb));
    } else {
        run_verb(program, console, invocation);
    }
}

constexpr int signal_exit_base = 128;

// The error of a run ended by a signal, with what is known so far.
Error stopped_by(int signal, const Error& error, std::string_view participle) {
    std::string known;
    if (error.code().starts_with("partial.")) {
        known = ": " + error.message();
    } else if (error.exit_code() == ExitCode::unknown) {
        known = ": the request was sent; the connection may or may not have been " +
                std::string(participle) + "; " + error.hint();
    } else if (!participle.empty()) {
        known = ": nothing was " + std::string(participle);
    }
    return {static_cast<ExitCode>(signal_exit_base + signal), code::interrupted,
            "stopped by signal " + std::to_string(signal) + known};
}

std::string_view participle_of(const Program& program) {
    const Verb* const verb = find_verb(program.args).verb;
    return verb == nullptr ? "" : verb->participle;
}

}  // namespace

int run(const Program& program) {
    output::Console console(program.streams);
    if (!program.args.empty() && program.args.front() == complete_verb) {
        complete(program, console);
        return static_cast<int>(ExitCode::ok);
    }
    try {
        run_checked(program, console);
        return static_cast<int>(ExitCode::ok);
    } catch (const Error& error) {
        const int signal = program.stopped_by ? program.stopped_by() : 0;
        const Error shown = signal == 0 || error.exit_code() == ExitCode::output
                                ? error
                                : stopped_by(signal, error, participle_of(program));
        console.error(shown);
        return static_cast<int>(shown.exit_code());
    } catch (const std::exception& error) {
        console.error(Error(ExitCode::internal, "internal",
                            "a bug in bqconn: " + std::string(error.what()),
                            "please report it, with the command line but without its secrets"));
        return static_cast<int>(ExitCode::internal);
    }
}

}  // namespace bqconn::cli
