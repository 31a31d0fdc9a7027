// The real program, from the outside.
#include "bqconn/emulator/run.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <map>

#include "bqconn/core/text.hpp"
#include "emulator/certificate.hpp"
#include "emulator/http_client.hpp"
#include "emulator/program.hpp"

namespace bqconn::emulator {
namespace {

const std::string binary = BQCONN_EMULATOR_BINARY;
using Words = std::vector<std::string>;
using Variables = std::map<std::string, std::string>;

Words exec_with(const Words& options, const Words& command) {
    Words words{binary, "exec"};
    words.insert(words.end(), options.begin(), options.end());
    words.push_back("--");
    words.insert(words.end(), command.begin(), command.end());
    return words;
}

Finished exec(const Words& command, const Words& options = {}, const Words& environment = {}) {
    return run_program(exec_with(options, command), environment);
}

Variables variables_of(const std::string& text) {
    Variables variables;
    for (const auto& line : split(text, '\n')) {
        const auto equals = line.find('=');
        if (equals != std::string::npos) {
            variables[line.substr(0, equals)] = line.substr(equals + 1);
        }
    }
    return variables;
}

std::uint16_t port_of(const std::string& url) {
    return static_cast<std::uint16_t>(std::stoi(url.substr(url.rfind(':') + 1)));
}

// The headers of the gateway, with a token of the IMS, by the settings that a command is given.
Headers credentials_of(const Variables& settings) {
    const std::string form = "client_id=" + percent_encode(settings.at("BQCONN_API_KEY")) +
                             "&client_secret=" + percent_encode(settings.at("BQCONN_API_SECRET")) +
                             "&grant_type=client_credentials&scope=openid,AdobeID";
    const Reply token = send(port_of(settings.at("BQCONN_IMS_URL")), "POST", "/ims/token/v3",
                             {{"Content-Type", "application/x-www-form-urlencoded"}}, form);
    EXPECT_EQ(token.status, 200) << token.body;
    return {{"Authorization", "Bearer " + token.json().at("access_token").get<std::string>()},
            {"x-api-key", settings.at("BQCONN_API_KEY")},
            {"x-gw-ims-org-id", settings.at("BQCONN_ORG_ID")},
            {"x-sandbox-name", settings.at("BQCONN_SANDBOX_NAME")},
            {"Content-Type", "application/json"}};
}

Reply create_with(const Variables& settings, const Headers& headers) {
    Json body = basic_body();
    body["auth"]["params"] = {{"project", settings.at("BQCONN_PROJECT")},
                              {"clientId", settings.at("BQCONN_CLIENT_ID")},
                              {"clientSecret", settings.at("BQCONN_CLIENT_SECRET")},
                              {"refreshToken", settings.at("BQCONN_REFRESH_TOKEN")}};
    return send(port_of(settings.at("BQCONN_PLATFORM_URL")), "POST",
                "/data/foundation/flowservice/connections", headers, body.dump());
}

TEST(Exec, GivesTheStatusOfTheCommand) {
    for (const int status : {0, 1, 3, 125, 126, 127, 255}) {
        EXPECT_EQ(exec({"sh", "-c", "exit " + std::to_string(status)}).status, status);
    }
}

TEST(Exec, CommandEndedByASignal) {
    EXPECT_EQ(exec({"sh", "-c", "kill -KILL $$"}).status, 128 + SIGKILL);
    EXPECT_EQ(exec({"sh", "-c", "kill -TERM $$"}).status, 128 + SIGTERM);
}

TEST(Exec, CommandThatCannotBeRun) {
    const Finished missing = exec({"no-such-command"});
    EXPECT_EQ(missing.status, 127);
    EXPECT_EQ(missing.out, "");
    EXPECT_EQ(missing.err,
              "bqconn-emulator: cannot run no-such-command: No such file or directory\n");
    EXPECT_EQ(exec({"/no/such/command"}).status, 127);
    const TemporaryFolder folder;
    std::ofstream(folder.file("script")) << "#!/bin/sh\nexit 0\n";
    EXPECT_EQ(exec({folder.file("script")}).status, 126);
    std::filesystem::permissions(folder.file("script"), std::filesystem::perms(0700));
    EXPECT_EQ(exec({folder.file("script")}).status, 0);
    EXPECT_EQ(exec({folder.file("")}).status, 126);
}

TEST(Exec, PassesArgumentsAndStreamsThrough) {
    const Finished finished =
        exec({"sh", "-c", "printf '%s|' \"$@\"; echo err >&2", "x", "a b", "--port", "--", ""});
    EXPECT_EQ(finished.status, 0);
    EXPECT_EQ(finished.out, "a b|--port|--||");
    EXPECT_EQ(finished.err, "err\n");
    Program program(exec_with({}, {"cat"}));
    program.close_input();
    EXPECT_EQ(program.wait(), 0);
}

TEST(Exec, CredentialsThatWork) {
    Program program(exec_with({}, {"sh", "-c", "env; echo END; cat"}),
                    {"BQCONN_ACCESS_TOKEN=real", "BQCONN_API_KEY=real", "KEPT=yes"});
    const Variables settings = variables_of(program.read_until("END\n"));
    EXPECT_EQ(settings.count("BQCONN_ACCESS_TOKEN"), 0U);
    EXPECT_EQ(settings.at("KEPT"), "yes");
    EXPECT_EQ(settings.at("BQCONN_PLATFORM_URL"), settings.at("BQCONN_IMS_URL"));
    EXPECT_EQ(create_with(settings, credentials_of(settings)).status, 201);
    program.close_input();
    EXPECT_EQ(program.wait(), 0);
    EXPECT_EQ(program.error_output(), "");
    EXPECT_EQ(send(port_of(settings.at("BQCONN_PLATFORM_URL")), "GET", "/").status, 0);
}

TEST(Exec, AccessTokenThatWorks) {
    Program program(exec_with({"--give-access-token"}, {"sh", "-c", "env; echo END; cat"}));
    const Variables settings = variables_of(program.read_until("END\n"));
    EXPECT_EQ(settings.count("BQCONN_API_SECRET"), 0U);
    const Headers headers{{"Authorization", "Bearer " + settings.at("BQCONN_ACCESS_TOKEN")},
                          {"x-api-key", settings.at("BQCONN_API_KEY")},
                          {"x-gw-ims-org-id", settings.at("BQCONN_ORG_ID")},
                          {"x-sandbox-name", settings.at("BQCONN_SANDBOX_NAME")},
                          {"Content-Type", "application/json"}};
    EXPECT_EQ(create_with(settings, headers).status, 201);
}

TEST(Exec, SandboxOfTheCommand) {
    const Words print{"sh", "-c", "echo $BQCONN_SANDBOX_NAME $BQCONN_CLIENT_ID"};
    EXPECT_TRUE(exec(print).out.starts_with("dev emulated-client-"));
    EXPECT_TRUE(exec(print, {"--sandbox", "prod"}).out.starts_with("prod emulated-client-"));
    EXPECT_EQ(exec(print, {"--sandbox", "aws-dev"}).out, "aws-dev\n");
    EXPECT_EQ(exec(print, {"--no-google"}).out, "dev\n");
    EXPECT_EQ(exec(print, {"--sandbox", "Production"}).status, 2);
}

TEST(Exec, FixedCredentials) {
    const TemporaryFolder folder;
    std::ofstream(folder.file("secret")) << "made-up\n";
    const Words options{"--api-key",          "key", "--org-id", "org", "--api-secret-file",
                        folder.file("secret")};
    EXPECT_EQ(
        exec({"sh", "-c", "echo $BQCONN_API_KEY,$BQCONN_API_SECRET,$BQCONN_ORG_ID"}, options).out,
        "key,made-up,org\n");
    std::ofstream(folder.file("secret")) << "";
    EXPECT_EQ(exec({"true"}, options).status, 3);
    std::ofstream(folder.file("secret")) << "a\nb\n";
    EXPECT_EQ(exec({"true"}, options).status, 3);
    std::filesystem::remove(folder.file("secret"));
    EXPECT_EQ(exec({"true"}, options).status, 3);
}

TEST(Exec, SignalsArePassedOn) {
    for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGQUIT}) {
        Program program(
            exec_with({}, {"sh", "-c", "trap 'exit 42' INT TERM HUP QUIT; echo READY; read x"}));
        EXPECT_EQ(program.read_until("READY\n"), "READY\n");
        program.signal(number);
        EXPECT_EQ(program.wait(), 42) << number;
    }
}

TEST(Exec, CommandHasTheSignalsAsTheyWere) {
    // Though the emulator waits for some, and its library ignores one.
    const Words print{"sh", "-c", "grep -E '^Sig(Blk|Ign):' /proc/self/status"};
    EXPECT_EQ(exec(print).out, run_program(print).out);
    EXPECT_EQ(exec({"sh", "-c", "yes | head -1 >/dev/null; kill -PIPE $$"}).status, 128 + SIGPIPE);
}

TEST(Exec, CommandInheritsNoSocket) {
    EXPECT_EQ(exec({"sh", "-c", "ls -l /proc/self/fd | grep -c socket"}).out, "0\n");
}

TEST(Exec, VerboseAndRecord) {
    const TemporaryFolder folder;
    Program program(
        exec_with({"-v", "--record", folder.file("record"), "--fault", "GET /connections=503"},
                  {"sh", "-c", "env; echo END; cat"}));
    const Variables settings = variables_of(program.read_until("END\n"));
    const Headers headers = credentials_of(settings);
    create_with(settings, headers);
    EXPECT_EQ(send(port_of(settings.at("BQCONN_PLATFORM_URL")), "GET",
                   "/data/foundation/flowservice/connections", headers)
                  .status,
              503);
    program.close_input();
    EXPECT_EQ(program.wait(), 0);
    const auto lines = split(program.error_output(), '\n');
    ASSERT_EQ(lines.size(), 4U);
    EXPECT_TRUE(lines[0].starts_with("bqconn-emulator: POST /ims/token/v3 200 "));
    EXPECT_TRUE(lines[1].starts_with(
        "bqconn-emulator: POST /data/foundation/flowservice/connections 201 "));
    EXPECT_TRUE(lines[2].ends_with("(fault GET /connections=503)"));
    for (const char* const name : {"BQCONN_API_SECRET", "BQCONN_REFRESH_TOKEN"}) {
        EXPECT_EQ(program.error_output().find(settings.at(name)), std::string::npos);
    }
    struct stat status {};
    ASSERT_EQ(stat(folder.file("record").c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 07777U, 0600U);
    std::ifstream record(folder.file("record"));
    std::string line;
    ASSERT_TRUE(std::getline(record, line));
    EXPECT_EQ(json::parse(json::parse(line).at("body").get<std::string>())
                  .at("auth")
                  .at("params")
                  .at("refreshToken"),
              settings.at("BQCONN_REFRESH_TOKEN"));
}

TEST(Exec, TlsCommandTrustsTheCertificate) {
    const Certificate certificate;
    const Words options{"--tls-cert", certificate.certificate_file(), "--tls-key",
                        certificate.key_file()};
    Program program(exec_with(options, {"sh", "-c", "env; echo END; cat"}));
    const Variables settings = variables_of(program.read_until("END\n"));
    EXPECT_TRUE(settings.at("BQCONN_PLATFORM_URL").starts_with("https://127.0.0.1:"));
    EXPECT_EQ(
        send_tls(port_of(settings.at("BQCONN_PLATFORM_URL")), settings.at("BQCONN_CA_FILE"), "/")
            .status,
        404);
    Words with_ca = options;
    with_ca.insert(with_ca.end(), {"--tls-ca", "/another.pem"});
    EXPECT_EQ(exec({"sh", "-c", "echo $BQCONN_CA_FILE"}, with_ca).out, "/another.pem\n");
}

TEST(Serve, PrintsItsUrlAndStopsOnSignals) {
    for (const int number : {SIGTERM, SIGINT}) {
        Program program({binary, "serve"});
        const std::string url = program.read_until("\n");
        EXPECT_TRUE(url.starts_with("http://127.0.0.1:"));
        KeptConnection idle(port_of(url));
        EXPECT_EQ(idle.get("/").status, 404);
        program.signal(number);
        EXPECT_EQ(program.wait(), 0);
        EXPECT_EQ(program.rest_of_output(), "");
        EXPECT_EQ(program.error_output(), "");
    }
}

TEST(Serve, EnvFileIsThereBeforeTheUrl) {
    const TemporaryFolder folder;
    Program program({binary, "serve", "--env-file", folder.file("env")});
    const std::string url = program.read_until("\n");
    struct stat status {};
    ASSERT_EQ(stat(folder.file("env").c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 07777U, 0600U);
    std::ifstream file(folder.file("env"));
    const Variables settings = variables_of({std::istreambuf_iterator<char>(file), {}});
    EXPECT_EQ(settings.at("BQCONN_PLATFORM_URL") + "\n", url);
    EXPECT_EQ(create_with(settings, credentials_of(settings)).status, 201);
    // Fit for a shell and for any reader of dotenv files: nothing needs a quote.
    for (const auto& [name, value] : settings) {
        EXPECT_TRUE(name.starts_with("BQCONN_")) << name;
        EXPECT_EQ(value.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                          "0123456789-_.:/@"),
                  std::string::npos)
            << name;
    }
}

TEST(Serve, PortInUse) {
    Program first({binary, "serve"});
    const std::string port = std::to_string(port_of(first.read_until("\n")));
    const Finished second = run_program({binary, "serve", "--port", port});
    EXPECT_EQ(second.status, 9);
    EXPECT_EQ(second.out, "");
    EXPECT_TRUE(second.err.starts_with("bqconn-emulator: cannot listen on 127.0.0.1:" + port));
}

TEST(Serve, FilesThatCannotBeWritten) {
    EXPECT_EQ(run_program({binary, "serve", "--env-file", "/no/such/folder/env"}).status, 3);
    EXPECT_EQ(run_program({binary, "serve", "--record", "/no/such/folder/record"}).status, 3);
}

TEST(Program, UsageErrors) {
    const Finished finished = run_program({binary, "exec", "--prot", "1", "--", "true"});
    EXPECT_EQ(finished.status, 2);
    EXPECT_EQ(finished.out, "");
    EXPECT_EQ(finished.err, "bqconn-emulator: unknown option --prot\nhint: did you mean --port?\n");
}

TEST(Program, HelpAndFullOutput) {
    EXPECT_EQ(run_program({binary, "--help"}).status, 0);
    EXPECT_EQ(run_program({"sh", "-c", binary + " --help >/dev/full"}).status, 13);
    EXPECT_EQ(run_program({"sh", "-c", binary + " serve >/dev/full"}).status, 13);
}

}  // namespace
}  // namespace bqconn::emulator
