#include "bqconn/cli/run.hpp"

#include <exception>
#include <optional>

#include "bqconn/cli/help.hpp"
#include "bqconn/cli/parse.hpp"
#include "bqconn/commands/create.hpp"
#include "bqconn/commands/list.hpp"
#include "bqconn/core/error.hpp"
#include "bqconn/http/logger.hpp"
#include "bqconn/output/format.hpp"

namespace bqconn::cli {
namespace {

using config::Setting;
using output::Format;

// The output format as far as it can be told before the command line is known to be right: an error
// about the command line is to come in the form that was asked for.
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

// JSON results bring JSON errors. With "auto" a person who reads stderr on a terminal gets text all
// the same.
output::Notes notes_for(const std::string& format_word, const output::Streams& streams) {
    const bool json = output::parse_format(format_word, streams.out_is_terminal) == Format::json;
    return json && !(format_word == "auto" && streams.err_is_terminal) ? output::Notes::json
                                                                       : output::Notes::text;
}

void hide_secrets(output::Console& console, const Invocation& invocation,
                  const config::Environment& environment) {
    for (const auto& [setting, values] : invocation.typed) {
        if (config::spec_of(setting).takes == config::Takes::secret) {
            for (const auto& value : values) {
                // @FILE names a file: a message about it must show the name.
                if (!value.reveal().starts_with('@')) {
                    console.hide(value);
                }
            }
        }
    }
    for (const auto& [name, value] : environment) {
        const auto variable = config::find_variable(name);
        if (variable && variable->spec->takes == config::Takes::secret && !variable->is_file_twin) {
            console.hide(value);
        }
    }
}

void hide_secrets(output::Console& console, const config::Settings& settings) {
    for (const auto& spec : config::all_settings()) {
        if (spec.takes == config::Takes::secret && settings.has(spec.setting)) {
            console.hide(settings.secret(spec.setting));
        }
    }
    if (settings.key()) {
        console.hide(settings.key()->text);
        console.hide(settings.key()->private_key);
    }
}

Format format_of(const config::Settings& settings, const output::Streams& streams) {
    const std::string word =
        settings.has(Setting::output) ? settings.text(Setting::output) : "auto";
    return output::parse_format(word, streams.out_is_terminal).value();
}

std::string level_of(const config::Settings& settings) {
    return settings.has(Setting::log) ? settings.text(Setting::log) : "warn";
}

commands::CreateOptions create_options(const Invocation& invocation,
                                       const config::Settings& settings) {
    commands::CreateOptions options;
    options.dry_run = invocation.has("--dry-run");
    options.print_curl = invocation.has("--print-curl");
    if (options.dry_run && options.print_curl) {
        throw Error(ExitCode::usage, "usage.exclusive_flags",
                    "--dry-run and --print-curl do not go together", "give one of them");
    }
    options.once.recover = !invocation.has("--no-recover");
    if (settings.has(Setting::if_exists)) {
        options.once.if_exists = flow::parse_if_exists(settings.text(Setting::if_exists)).value();
    }
    return options;
}

// A log file is for everything; on stderr the requests are shown if that was asked for.
std::shared_ptr<spdlog::logger> logger_for(const Program& program, const Invocation& invocation,
                                           const config::Settings& settings) {
    const std::string file =
        settings.has(Setting::log_file) ? settings.text(Setting::log_file) : "";
    const bool debug = invocation.has("--verbose") || level_of(settings) == "debug";
    return debug || !file.empty() ? http::make_logger(program.streams.err, file) : nullptr;
}

void run_verb(const Program& program, output::Console& console, const Invocation& invocation) {
    hide_secrets(console, invocation, program.environment);
    console.set_colour(program.streams.err_is_terminal && !invocation.has("--no-color") &&
                       config::find(program.environment, "NO_COLOR").empty());
    const config::Settings settings =
        config::resolve(invocation.typed, program.environment, program.streams.in);
    hide_secrets(console, settings);
    console.set_quiet(invocation.has("--quiet") || level_of(settings) == "error");
    const Format format = format_of(settings, program.streams);
    console.set_notes(notes_for(
        settings.has(Setting::output) ? settings.text(Setting::output) : "auto", program.streams));
    for (const auto& warning : settings.warnings()) {
        console.warning(warning);
    }
    commands::Context context{program.environment, console, program.make_transport, program.clock,
                              logger_for(program, invocation, settings)};
    if (invocation.verb->name == "create") {
        commands::create(context, settings, create_options(invocation, settings), format);
    } else if (invocation.verb->name == "list") {
        commands::list(context, settings, format);
    }
}

void run_checked(const Program& program, output::Console& console) {
    console.set_notes(notes_for(format_word_in(program), program.streams));
    const Invocation invocation = parse(program.args);
    if (invocation.version) {
        console.result(version_text(program.library_versions));
    } else if (invocation.verb == nullptr) {
        console.result(general_help());
    } else if (invocation.has("--help")) {
        console.result(help_of(*invocation.verb));
    } else {
        run_verb(program, console, invocation);
    }
}

constexpr int signal_exit_base = 128;

// A run that a signal has ended says what is known, on one line.
Error stopped_by(int signal, const Error& error) {
    const bool unknown = error.exit_code() == ExitCode::unknown;
    return Error(
        static_cast<ExitCode>(signal_exit_base + signal), "interrupted",
        "stopped by signal " + std::to_string(signal) +
            (unknown ? ": the request had left; the connection may or may not have been created; " +
                           error.hint()
                     : ": nothing was created"));
}

}  // namespace

int run(const Program& program) {
    output::Console console(program.streams);
    try {
        run_checked(program, console);
        return static_cast<int>(ExitCode::ok);
    } catch (const Error& error) {
        const int signal = program.stopped_by ? program.stopped_by() : 0;
        const Error shown = signal == 0 || error.exit_code() == ExitCode::output
                                ? error
                                : stopped_by(signal, error);
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
