#include "emulator/run.hpp"

#include <optional>
#include <ostream>

#include "bqconn/core/error.hpp"
#include "bqconn/core/private_file.hpp"
#include "bqconn/crypto/encoding.hpp"
#include "bqconn/crypto/jwt.hpp"
#include "emulator/command.hpp"
#include "emulator/emulator.hpp"
#include "emulator/platform/platform.hpp"
#include "emulator/server/journal.hpp"
#include "emulator/server/server.hpp"

namespace bqconn::emulator {
namespace {

const std::string prefix = "bqconn-emulator: ";

const Sandbox& sandbox_of(Emulator& emulator) {
    const Sandbox* sandbox = emulator.store().find_sandbox(emulator.options().sandbox);
    if (sandbox == nullptr) {
        throw Error(ExitCode::usage, "usage", "--sandbox must be one of: prod, dev, aws-dev");
    }
    return *sandbox;
}

Pairs settings_for(Emulator& emulator, const Server& server) {
    const Options& options = emulator.options();
    const Secret token(options.give_access_token
                           ? emulator.store().issue_token(options.identity.api_key)
                           : std::string());
    return command_settings(options, sandbox_of(emulator), server.url(), token);
}

// --- The credential files that the emulator creates for its user, in their usual formats.

void write_json(const std::string& path, const json::OrderedJson& document) {
    write_private_file(path, document.dump(2) + "\n");
}

// A service-account key and an OAuth client of a desktop app, as Google's console downloads them.
void write_google_files(Emulator& emulator, const std::string& url) {
    constexpr std::size_t key_id_bytes = 20;
    const Options& options = emulator.options();
    const Identity& identity = options.identity;
    if (!options.google_key_file.empty()) {
        // Generating a key takes a while.
        const Secret key = crypto::make_rsa_key();
        const std::string email = "reader@" + identity.project + ".iam.gserviceaccount.com";
        write_json(options.google_key_file, {{"type", "service_account"},
                                             {"project_id", identity.project},
                                             {"private_key_id", crypto::random_hex(key_id_bytes)},
                                             {"private_key", key.reveal()},
                                             {"client_email", email},
                                             {"client_id", "100000000000000000001"},
                                             {"auth_uri", url + consent_path},
                                             {"token_uri", url + google_token_path},
                                             {"universe_domain", "googleapis.com"}});
        emulator.google().service_accounts.put(email, crypto::public_key_of(key));
    }
    if (!options.google_client_file.empty()) {
        write_json(options.google_client_file,
                   {{"installed",
                     {{"client_id", identity.client_id},
                      {"project_id", identity.project},
                      {"auth_uri", url + consent_path},
                      {"token_uri", url + google_token_path},
                      {"client_secret", identity.client_secret.reveal()},
                      {"redirect_uris", json::OrderedJson::array({"http://localhost"})}}}});
    }
}

// The Adobe credentials, as an aepp config.
void write_adobe_file(Emulator& emulator) {
    const Options& options = emulator.options();
    if (!options.adobe_credentials_file.empty()) {
        write_json(options.adobe_credentials_file,
                   {{"org_id", options.identity.org_id},
                    {"client_id", options.identity.api_key},
                    {"secret", options.identity.api_secret.reveal()},
                    {"sandbox-name", sandbox_of(emulator).name},
                    {"environment", "prod"},
                    {"scopes", usual_scopes}});
    }
}

int serve(const BlockedSignals& signals, Emulator& emulator, Server& server, std::ostream& out) {
    const Options& options = emulator.options();
    if (!options.env_file.empty()) {
        write_private_file(options.env_file, env_file_text(settings_for(emulator, server)));
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

int execute(Options options, std::span<const std::string> environment, std::ostream& out,
            std::ostream& err) {
    // Before any thread starts: threads inherit the signal mask.
    const BlockedSignals signals;
    std::optional<PrivateLog> record;
    if (!options.record_file.empty()) {
        record.emplace(options.record_file);
        options.record = [&record, &err](const std::string& line) {
            if (!record->add_line(line)) {
                err << prefix + "cannot write a request to the --record file\n" << std::flush;
            }
        };
    }
    if (options.verbose) {
        options.log = [&err](const std::string& line) {
            // Write the line in one piece: other threads and the command write to stderr too.
            err << prefix + line + "\n" << std::flush;
        };
    }
    options.warn = [&err](const std::string& line) { err << prefix + line + "\n" << std::flush; };
    read_files(options);
    Emulator emulator(std::move(options));
    add_made_up_connections(emulator.store(), sandbox_of(emulator), emulator.options());
    Server server(emulator);
    write_google_files(emulator, server.url());
    write_adobe_file(emulator);
    // The emulated Google also has the project that the user has set.
    if (const auto project = value_of(environment, "BQCONN_PROJECT")) {
        emulator.google().projects.insert(*project);
    }
    if (emulator.options().mode == Mode::serve) {
        return serve(signals, emulator, server, out);
    }
    return signals.run(emulator.options().command,
                       command_environment(environment, settings_for(emulator, server)),
                       [&] { server.start(); });
}

}  // namespace

int run(std::span<const std::string> arguments, std::span<const std::string> environment,
        std::ostream& out, std::ostream& err) {
    try {
        ParsedOptions parsed = parse_options(arguments);
        if (parsed.options) {
            return execute(std::move(*parsed.options), environment, out, err);
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
