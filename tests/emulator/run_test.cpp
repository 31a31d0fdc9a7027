#include "emulator/run.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <csignal>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "bqconn/core/text.hpp"
#include "bqconn/crypto/jwt.hpp"
#include "emulator/certificate.hpp"
#include "emulator/given_settings.hpp"

namespace bqconn::emulator {
namespace {

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
    // Readable by a shell and any dotenv reader: nothing needs quotes.
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

TEST(Serve, FilesThatCannotBeRead) {
    const TemporaryFolder folder;
    for (const std::string option : {"--bad-credentials", "--bigquery", "--api-secret-file"}) {
        const Finished finished = run_program({binary, "serve", option, folder.file("none")});
        EXPECT_EQ(finished.status, 3) << option;
        EXPECT_EQ(finished.out, "") << option;
        EXPECT_NE(finished.err.find("cannot read " + folder.file("none")), std::string::npos)
            << option;
    }
    std::ofstream(folder.file("tables")) << R"({"datasets": [{}]})";
    const Finished finished = run_program({binary, "serve", "--bigquery", folder.file("tables")});
    EXPECT_EQ(finished.status, 3);
    EXPECT_NE(finished.err.find(": datasets[0]: must be an object with the array tables"),
              std::string::npos)
        << finished.err;
}

// The file is read again while the program runs.
TEST(Exec, CredentialsThatGoBad) {
    const TemporaryFolder folder;
    std::ofstream(folder.file("bad")) << "made-up-other\n";
    Program program(
        exec_with({"--bad-credentials", folder.file("bad")}, {"sh", "-c", "env; echo END; cat"}));
    const Variables settings = variables_of(program.read_until("END\n"));
    const Headers headers = credentials_of(settings);
    const std::string id = create_with(settings, headers).json().at("id");
    const auto test = [&] {
        return send(port_of(settings.at("BQCONN_PLATFORM_URL")), "GET",
                    "/data/foundation/flowservice/connections/" + id + "/test", headers)
            .json()
            .at("result");
    };
    EXPECT_EQ(test(), true);
    std::ofstream(folder.file("bad")) << settings.at("BQCONN_REFRESH_TOKEN") << "\n";
    EXPECT_EQ(test(), false);
    std::filesystem::remove(folder.file("bad"));
    EXPECT_EQ(test(), true);
    program.close_input();
    EXPECT_EQ(program.wait(), 0);
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

Json document_in(const std::string& path) {
    struct stat status {};
    EXPECT_EQ(stat(path.c_str(), &status), 0) << path;
    EXPECT_EQ(status.st_mode & 07777U, 0600U);
    std::ifstream file(path);
    return json::parse(std::string(std::istreambuf_iterator<char>(file), {}));
}

Reply post_form(const std::string& url, const std::string& body) {
    return send(port_of(url.substr(0, url.rfind('/'))), "POST", "/token",
                {{"Content-Type", "application/x-www-form-urlencoded"}}, body);
}

class GivenFiles : public testing::Test {
  protected:
    GivenFiles()
        : program_(exec_with({"--google-key", folder_.file("key"), "--google-client",
                              folder_.file("client"), "--adobe-credentials", folder_.file("adobe")},
                             {"sh", "-c", "env; echo END; cat"}),
                   {"BQCONN_PROJECT=mine-123"}),
          settings_(variables_of(program_.read_until("END\n"))) {}

    const TemporaryFolder folder_;
    Program program_;
    const Variables settings_;
};

TEST_F(GivenFiles, ServiceAccountKeyThatWorks) {
    const Json key = document_in(folder_.file("key"));
    EXPECT_EQ(key.at("type"), "service_account");
    EXPECT_EQ(key.at("project_id"), "emulated-project");
    const std::string token_uri = key.at("token_uri");
    EXPECT_EQ(token_uri, settings_.at("BQCONN_GOOGLE_TOKEN_URL") + "/token");
    const std::int64_t now = std::time(nullptr);
    const Json claims = {{"iss", key.at("client_email")},
                         {"scope", "https://www.googleapis.com/auth/bigquery"},
                         {"aud", token_uri},
                         {"iat", now},
                         {"exp", now + 600}};
    const Secret assertion = crypto::sign_rs256(claims.dump(), Secret(key.at("private_key")),
                                                key.at("private_key_id").get<std::string>());
    const Reply reply = post_form(
        token_uri, "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=" +
                       assertion.reveal());
    ASSERT_EQ(reply.status, 200) << reply.body;
    // BigQuery has the project that the user has set.
    for (const auto& [project, status] :
         {std::pair{"emulated-project", 200}, {"mine-123", 200}, {"other", 404}}) {
        EXPECT_EQ(send(port_of(settings_.at("BQCONN_BIGQUERY_URL")), "GET",
                       std::string("/bigquery/v2/projects/") + project + "/datasets",
                       {{"Authorization",
                         "Bearer " + reply.json().at("access_token").get<std::string>()}})
                      .status,
                  status);
    }
}

TEST_F(GivenFiles, OAuthClientThatWorks) {
    const Json client = document_in(folder_.file("client")).at("installed");
    EXPECT_EQ(client.at("client_id"), settings_.at("BQCONN_CLIENT_ID"));
    const Reply reply = post_form(
        client.at("token_uri"),
        "grant_type=refresh_token&client_id=" + client.at("client_id").get<std::string>() +
            "&client_secret=" + client.at("client_secret").get<std::string>() +
            "&refresh_token=" + settings_.at("BQCONN_REFRESH_TOKEN"));
    EXPECT_EQ(reply.status, 200) << reply.body;
}

TEST_F(GivenFiles, AdobeCredentials) {
    const Json adobe = document_in(folder_.file("adobe"));
    EXPECT_EQ(adobe.at("org_id"), settings_.at("BQCONN_ORG_ID"));
    EXPECT_EQ(adobe.at("client_id"), settings_.at("BQCONN_API_KEY"));
    EXPECT_EQ(adobe.at("secret"), settings_.at("BQCONN_API_SECRET"));
    EXPECT_EQ(adobe.at("sandbox-name"), "dev");
}

}  // namespace
}  // namespace bqconn::emulator
