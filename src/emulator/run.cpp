#include "bqconn/emulator/run.hpp"

#include <cerrno>
#include <fstream>
#include <iterator>
#include <optional>
#include <ostream>
#include <system_error>

#include "bqconn/core/error.hpp"
#include "bqconn/core/text.hpp"
#include "bqconn/emulator/command.hpp"
#include "bqconn/emulator/emulator.hpp"
#include "bqconn/emulator/environment.hpp"
#include "bqconn/emulator/options.hpp"
#include "bqconn/emulator/private_file.hpp"
#include "bqconn/emulator/server.hpp"

namespace bqconn::emulator {
namespace {

const std::string prefix = "bqconn-emulator: ";

// One trailing newline is dropped, as everywhere in bqconn.
Secret read_secret(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(file), {}};
    if (!file) {
        throw Error(ExitCode::config, "file.unreadable", "cannot read " + path,
                    "--api-secret-file wants a file with one line");
    }
    if (text.ends_with('\n')) {
        text.pop_back();
    }
    if (text.ends_with('\r')) {
        text.pop_back();
    }
    if (text.empty() || has_control_character(text)) {
        throw Error(ExitCode::config, "file.malformed", path + " does not hold one line of text");
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

CommandSettings settings_for(const Options& options, Emulator& emulator, const Server& server) {
    constexpr auto default_sandbox = "dev";
    CommandSettings settings;
    settings.url = server.url();
    settings.sandbox_name = options.sandbox_name.empty() ? default_sandbox : options.sandbox_name;
    const Sandbox* sandbox = emulator.store().find_sandbox(settings.sandbox_name);
    if (sandbox == nullptr) {
        throw Error(ExitCode::usage, "usage", "the emulator has no such sandbox",
                    "--sandbox takes prod, dev or aws-dev");
    }
    settings.ca_file = options.tls_ca.empty() ? options.server.tls_certificate : options.tls_ca;
    // The AWS cloud has no auth spec that they would be good for.
    settings.google_credentials = options.google_credentials && sandbox->cloud() != Cloud::aws;
    if (options.give_access_token) {
        settings.access_token = Secret(emulator.store().issue_token(emulator.identity().api_key));
    }
    return settings;
}

int serve(const Options& options, const BlockedSignals& signals, Emulator& emulator, Server& server,
          std::ostream& out) {
    if (!options.env_file.empty()) {
        const auto settings = settings_for(options, emulator, server);
        write_private_file(options.env_file,
                           env_file_text(settings_of(emulator.identity(), settings)));
    }
    server.start();
    out << server.url() << std::endl;
    if (!out) {
        throw Error(ExitCode::output, "output.failed", "the URL could not be written to stdout");
    }
    signals.wait_for_end();
    server.stop();
    return 0;
}

EmulatorOptions emulator_options(const Options& options, PrivateLog* record, std::ostream& err) {
    EmulatorOptions wanted;
    wanted.identity = identity_for(options);
    wanted.faults = options.faults;
    if (record != nullptr) {
        wanted.record = [record, &err](const std::string& line) {
            if (!record->add_line(line)) {
                err << prefix + "a request could not be recorded\n" << std::flush;
            }
        };
    }
    if (options.verbose) {
        wanted.log = [&err](const std::string& line) {
            // In one piece: several threads write, and the command too.
            err << prefix + line + "\n" << std::flush;
        };
    }
    return wanted;
}

int execute(const Options& options, std::span<const std::string> environment, std::ostream& out,
            std::ostream& err) {
    // First of all: threads inherit what is blocked.
    const BlockedSignals signals;
    std::optional<PrivateLog> record;
    if (!options.record_file.empty()) {
        record.emplace(options.record_file);
    }
    Emulator emulator(emulator_options(options, record ? &*record : nullptr, err));
    Server server(emulator, options.server);
    if (options.mode == Mode::serve) {
        return serve(options, signals, emulator, server, out);
    }
    const auto settings = settings_for(options, emulator, server);
    return signals.run(options.command,
                       command_environment(environment, emulator.identity(), settings),
                       [&] { server.start(); });
}

}  // namespace

int run(std::span<const std::string> arguments, std::span<const std::string> environment,
        std::ostream& out, std::ostream& err) {
    try {
        const ParsedOptions parsed = parse_options(arguments);
        if (parsed.options) {
            return execute(*parsed.options, environment, out, err);
        }
        out << parsed.text << std::flush;
        return static_cast<int>(out ? ExitCode::ok : ExitCode::output);
    } catch (const Error& error) {
        err << prefix << error.message() << '\n';
        if (!error.hint().empty()) {
            err << "hint: " << error.hint() << '\n';
        }
        return static_cast<int>(error.exit_code());
    } catch (const CommandNotRun& error) {
        err << prefix << error.what() << '\n';
        return error.exit_status();
    } catch (const std::exception& error) {
        err << prefix << error.what() << '\n';
        return static_cast<int>(ExitCode::internal);
    }
}

}  // namespace bqconn::emulator
