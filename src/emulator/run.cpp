#include "bqconn/emulator/run.hpp"

#include <cerrno>
#include <optional>
#include <ostream>
#include <system_error>

#include "bqconn/core/error.hpp"
#include "bqconn/core/private_file.hpp"
#include "bqconn/crypto/jwt.hpp"
#include "bqconn/emulator/command.hpp"
#include "bqconn/emulator/emulator.hpp"
#include "bqconn/emulator/emulator_options.hpp"
#include "bqconn/emulator/environment.hpp"
#include "bqconn/emulator/given_files.hpp"
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
        throw Error(ExitCode::usage, "usage", "--sandbox must be one of: prod, dev, aws-dev");
    }
    return *sandbox;
}

CommandSettings settings_for(const Options& options, Emulator& emulator, const Server& server) {
    CommandSettings settings;
    settings.url = server.url();
    const Sandbox& sandbox = sandbox_of(options, emulator.store());
    settings.sandbox_name = sandbox.name;
    settings.ca_file = options.tls_ca.empty() ? options.server.tls_certificate : options.tls_ca;
    // AWS has no auth spec for these credentials. With --adobe no-basic they are provided anyway,
    // so that they are refused.
    const bool useful =
        sandbox.cloud() != Cloud::aws || options.adobe.contains(AdobeFailure::no_basic);
    settings.google_credentials = options.google_credentials && useful;
    if (options.give_access_token) {
        settings.access_token = Secret(emulator.store().issue_token(emulator.identity().api_key));
    }
    return settings;
}

// Generates the key only on request, since that takes a while.
void write_google_key(const std::string& path, Emulator& emulator, const std::string& url) {
    const Secret key = crypto::make_rsa_key();
    write_private_file(path, service_account_key_text(emulator.identity(), key, url));
    emulator.google().add_service_account(service_account_email(emulator.identity()),
                                          crypto::public_key_of(key));
}

void write_files(const Options& options, Emulator& emulator, const std::string& url) {
    const Identity& identity = emulator.identity();
    if (!options.google_key_file.empty()) {
        write_google_key(options.google_key_file, emulator, url);
    }
    if (!options.google_client_file.empty()) {
        write_private_file(options.google_client_file, oauth_client_text(identity, url));
    }
    if (!options.adobe_credentials_file.empty()) {
        write_private_file(
            options.adobe_credentials_file,
            adobe_credentials_text(identity, sandbox_of(options, emulator.store()).name));
    }
}

// The emulated Google also has the project that the user has set.
void add_users_project(std::span<const std::string> environment, GoogleStore& google) {
    constexpr std::string_view name = "BQCONN_PROJECT=";
    for (const auto& assignment : environment) {
        if (assignment.starts_with(name)) {
            google.add_project(assignment.substr(name.size()));
        }
    }
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
        throw Error(ExitCode::output, "output.failed", "cannot write the URL to stdout");
    }
    signals.wait_for_termination();
    server.stop();
    return 0;
}

EmulatorOptions with_sinks(EmulatorOptions wanted, const Options& options, PrivateLog* record,
                           std::ostream& err) {
    if (record != nullptr) {
        wanted.record = [record, &err](const std::string& line) {
            if (!record->add_line(line)) {
                err << prefix + "cannot write a request to the --record file\n" << std::flush;
            }
        };
    }
    if (options.verbose) {
        wanted.log = [&err](const std::string& line) {
            // Write the line in one piece: other threads and the command write to stderr too.
            err << prefix + line + "\n" << std::flush;
        };
    }
    return wanted;
}

int execute(const Options& options, std::span<const std::string> environment, std::ostream& out,
            std::ostream& err) {
    // Before any thread starts: threads inherit the signal mask.
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
    write_files(options, emulator, server.url());
    add_users_project(environment, emulator.google());
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
