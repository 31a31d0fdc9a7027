#include "bqconn/cli/run.hpp"

#include <algorithm>
#include <csignal>
#include <exception>

#include "bqconn/cli/help.hpp"
#include "bqconn/cli/parse.hpp"
#include "bqconn/core/error.hpp"
#include "bqconn/core/text.hpp"
#include "bqconn/http/logging_transport.hpp"
#include "bqconn/output/format.hpp"
#include "cli/complete.hpp"
#include "commands/hide_secrets.hpp"

namespace bqconn::cli {
namespace {

using commands::Flag;
using config::Setting;
using output::Format;

// The output format of errors about the command line itself.
std::string format_word(const Program& program, const CommandLine& line) {
    if (const auto typed = line.typed.find(Setting::output); typed != line.typed.end()) {
        return typed->second.back().reveal();
    }
    const auto variable =
        config::find(program.environment, config::spec_of(Setting::output).variable);
    return variable.empty() ? "auto" : std::string(variable);
}

bool auto_is_text(const commands::Verb* verb, const output::Streams& streams) {
    return streams.out_is_terminal || (verb != nullptr && verb->auto_is_text);
}

// Errors are JSON only if results were asked for as JSON, not if "auto" made them JSON.
output::Notes notes_for(const std::string& format_word) {
    const auto format = output::parse_format(format_word, true);
    return format == Format::json || format == Format::ndjson ? output::Notes::json
                                                              : output::Notes::text;
}

// Throws Error (usage) if the verb does not support the format.
Format format_of(const commands::Verb& verb, const config::Settings& settings,
                 const output::Streams& streams) {
    if (verb.formats.empty()) {
        return Format::text;
    }
    const Format format = output::parse_format(settings.text_or_default(Setting::output),
                                               auto_is_text(&verb, streams))
                              .value();
    if (std::find(verb.formats.begin(), verb.formats.end(), format) != verb.formats.end()) {
        return format;
    }
    throw Error(ExitCode::usage, "usage.invalid_value",
                describe(settings.source(Setting::output)) + ": format not supported by bqconn " +
                    std::string(verb.name),
                "use one of: " + formats_of(verb));
}

// As in other tools: the flag first, then the variable that forces colours, then those that forbid
// them, then whether the stream is a terminal.
bool wants_colour(const Program& program, const CommandLine& line, bool is_terminal) {
    const auto value = [&program](std::string_view name) {
        return config::find(program.environment, name);
    };
    if (line.has(Flag::no_color)) {
        return false;
    }
    if (!value("CLICOLOR_FORCE").empty() && value("CLICOLOR_FORCE") != "0") {
        return true;
    }
    const bool forbidden =
        !value("NO_COLOR").empty() || value("CLICOLOR") == "0" || value("TERM") == "dumb";
    return is_terminal && !forbidden;
}

// Whether the user's locale is UTF-8. Assumed if none is set: most terminals show it anyway.
bool shows_utf8(const Program& program) {
    for (const char* const name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
        const std::string locale = to_lower_ascii(config::find(program.environment, name));
        if (!locale.empty()) {
            return locale.find("utf-8") != locale.npos || locale.find("utf8") != locale.npos;
        }
    }
    return true;
}

std::string pager_of(const Program& program, const config::Settings& settings) {
    std::string command = settings.has(Setting::pager)
                              ? settings.text(Setting::pager)
                              : std::string(config::find(program.environment, "PAGER"));
    return command == "cat" || trim_ascii(command).empty() ? "" : command;
}

// A log file gets everything; stderr shows requests only if asked to.
std::shared_ptr<spdlog::logger> logger_for(const Program& program, const CommandLine& line,
                                           const config::Settings& settings) {
    const std::string file = settings.text_or_default(Setting::log_file);
    const bool debug = line.has(Flag::verbose) || settings.text_or_default(Setting::log) == "debug";
    return debug || !file.empty() ? http::make_logger(program.streams.err, file) : nullptr;
}

void refuse_secrets(const std::vector<std::string>& operands) {
    for (const auto& operand : operands) {
        if (const auto finding = config::find_misplaced_secret(nullptr, operand)) {
            throw Error(ExitCode::usage, "usage.invalid_value",
                        "an argument (not shown) " + finding->problem, finding->hint);
        }
    }
}

void run_verb(const Program& program, output::Console& console, const CommandLine& line) {
    refuse_secrets(line.operands);
    commands::hide_secrets(console, line.typed, program.environment);
    console.set_colour(wants_colour(program, line, program.streams.out_is_terminal),
                       wants_colour(program, line, program.streams.err_is_terminal));
    // A verb without settings reads no files, so a broken profile does not affect it.
    const config::Settings settings =
        line.verb->settings.empty()
            ? config::Settings()
            : config::resolve(line.typed, program.environment, program.streams.in,
                              line.verb->settings, line.verb->profiles);
    commands::hide_secrets(console, settings);
    const bool quiet = line.has(Flag::quiet) || settings.text_or_default(Setting::log) == "error";
    console.set_quiet(quiet);
    if (settings.has(Setting::output)) {  // perhaps from a file
        console.set_notes(notes_for(settings.text(Setting::output)));
    }
    const Format format = format_of(*line.verb, settings, program.streams);
    console.set_pager(pager_of(program, settings));
    if (!line.verb->has_warnings) {
        for (const auto& warning : settings.warnings()) {
            console.warning(warning);
        }
    }
    commands::Context context{.environment = program.environment,
                              .console = console,
                              .make_transport = program.make_transport,
                              .clock = program.clock,
                              .logger = logger_for(program, line, settings),
                              .make_listener = program.make_listener,
                              .connects_ahead = program.connects_ahead};
    // A progress line would be garbled by the log, and needs a terminal that can erase a line.
    console.set_progress(program.streams.err_is_terminal && !quiet && context.logger == nullptr &&
                         config::find(program.environment, "TERM") != "dumb");
    line.verb->run(
        context,
        {.settings = settings, .flags = line.flags, .operands = line.operands, .format = format});
}

void run_line(const Program& program, output::Console& console, const CommandLine& line) {
    console.set_notes(notes_for(format_word(program, line)));
    console.set_ascii(!shows_utf8(program));
    if (line.mistake) {
        throw Error(*line.mistake);
    }
    if (line.has(Flag::version)) {
        console.result(version_text(program.library_versions()));
    } else if (line.group != nullptr) {
        console.result(help_of(*line.group));
    } else if (line.verb == nullptr) {
        console.result(general_help());
    } else if (line.has(Flag::help)) {
        console.result(help_of(*line.verb));
    } else {
        run_verb(program, console, line);
    }
}

constexpr int signal_exit_base = 128;

// The error of a run ended by a signal, with what is known so far.
Error stopped_by(int signal, const Error& error, std::string_view participle) {
    const bool left_something =
        error.exit_code() == ExitCode::partial || error.exit_code() == ExitCode::unknown;
    std::string known;
    if (left_something) {
        known = ": " + error.message();
    } else if (!participle.empty()) {
        known = ": nothing was " + std::string(participle);
    }
    return {static_cast<ExitCode>(signal_exit_base + signal), code::interrupted,
            "stopped by signal " + std::to_string(signal) + known,
            left_something ? error.hint() : ""};
}

}  // namespace

int run(const Program& program) {
    output::Console console(program.streams);
    if (!program.args.empty() && program.args.front() == complete_verb) {
        complete(program, console);
        return static_cast<int>(ExitCode::ok);
    }
    std::string_view participle;
    try {
        const CommandLine line = read(program.args);
        participle = line.verb == nullptr ? "" : line.verb->participle;
        run_line(program, console, line);
        return static_cast<int>(ExitCode::ok);
    } catch (const Error& error) {
        if (error.code() == code::closed_pipe && participle.empty()) {
            return signal_exit_base + SIGPIPE;  // the reader has exited, like head
        }
        if (error.code() == code::differs) {
            return static_cast<int>(error.exit_code());
        }
        const int signal = program.stopped_by ? program.stopped_by() : 0;
        const Error shown = signal == 0 || error.exit_code() == ExitCode::output
                                ? error
                                : stopped_by(signal, error, participle);
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
