#include "bqconn/emulator/run.hpp"

#include <cerrno>
#include <optional>
#include <ostream>
#include <system_error>

#include "bqconn/core/error.hpp"
#include "bqconn/core/private_file.hpp"
#include "bqconn/emulator/command.hpp"
#include "bqconn/emulator/emulator.hpp"
#include "bqconn/emulator/emulator_options.hpp"
#include "bqconn/emulator/environment.hpp"
#include "bqconn/emulator/options.hpp"
#include "bqconn/emulator/private_file.hpp"
#include "bqconn/emulator/server.hpp"

namespace bqconn::emulator {
namespace {

const std::string prefix = "bqconn-emulator: ";

const Sandbox& sandbox_of(const Options& options, const Store& store) {
    const Sandbox* sandbox =
        store.find_sandbox(options.sandbox_name.empty() ? "dev" : options.sandbox_name);
    if (sandbox == nullptr) {
        throw Error(ExitCode::usage, "usage", "the emulator has no such sandbox",
                    "--sandbox takes prod, dev or aws-dev");
    }
    return *sandbox;
}

CommandSettings settings_for(const Options& options, Emulator& emulator, const Server& server) {
    CommandSettings settings;
    settings.url = server.url();
    const Sandbox& sandbox = sandbox_of(options, emulator.store());
    settings.sandbox_name = sandbox.name;
    settings.ca_file = options.tls_ca.empty() ? options.server.tls_certificate : options.tls_ca;
    // The AWS cloud has no auth spec that they would be good for.
    settings.google_credentials = options.google_credentials && sandbox.cloud() != Cloud::aws;
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

EmulatorOptions with_sinks(EmulatorOptions wanted, const Options& options, PrivateLog* record,
                           std::ostream& err) {
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
    Emulator emulator(
        with_sinks(emulator_options(options), options, record ? &*record : nullptr, err));
    add_made_up_connections(emulator.store(), sandbox_of(options, emulator.store()),
                            emulator.identity(), options.connections);
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
