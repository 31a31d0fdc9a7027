#include "emulator/command.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <map>

#include "bqconn/core/error.hpp"
#include "emulator/certificate.hpp"
#include "emulator/given_settings.hpp"

namespace bqconn::emulator {
namespace {

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
    // Even though the emulator blocks some signals and its library ignores one.
    const Words print{"sh", "-c", "grep -E '^Sig(Blk|Ign):' /proc/self/status"};
    EXPECT_EQ(exec(print).out, run_program(print).out);
    EXPECT_EQ(exec({"sh", "-c", "yes | head -1 >/dev/null; kill -PIPE $$"}).status, 128 + SIGPIPE);
}

TEST(Exec, CommandInheritsNoSocket) {
    EXPECT_EQ(exec({"sh", "-c", "ls -l /proc/self/fd | grep -c socket"}).out, "0\n");
}

using Variables = std::map<std::string, std::string>;

class EnvironmentTest : public testing::Test {
  protected:
    // Fails if a name occurs twice.
    Variables given(const std::vector<std::string>& current) const {
        const Pairs settings =
            command_settings(options_, *store_.find_sandbox("dev"), "http://127.0.0.1:1", token_);
        Variables variables;
        for (const auto& assignment : command_environment(current, settings)) {
            const auto equals = assignment.find('=');
            EXPECT_TRUE(
                variables.emplace(assignment.substr(0, equals), assignment.substr(equals + 1))
                    .second)
                << assignment;
        }
        return variables;
    }

    Options options_;
    Store store_{options_};
    Secret token_;
};

TEST_F(EnvironmentTest, EverythingThatACreateNeeds) {
    EXPECT_EQ(given({}),
              (Variables{{"BQCONN_PLATFORM_URL", "http://127.0.0.1:1"},
                         {"BQCONN_IMS_URL", "http://127.0.0.1:1"},
                         {"BQCONN_GOOGLE_AUTH_URL", "http://127.0.0.1:1"},
                         {"BQCONN_GOOGLE_TOKEN_URL", "http://127.0.0.1:1"},
                         {"BQCONN_BIGQUERY_URL", "http://127.0.0.1:1"},
                         {"BQCONN_API_KEY", options_.identity.api_key},
                         {"BQCONN_API_SECRET", options_.identity.api_secret.reveal()},
                         {"BQCONN_ORG_ID", options_.identity.org_id},
                         {"BQCONN_SANDBOX_NAME", "dev"},
                         {"BQCONN_PROJECT", "emulated-project"},
                         {"BQCONN_CLIENT_ID", options_.identity.client_id},
                         {"BQCONN_CLIENT_SECRET", options_.identity.client_secret.reveal()},
                         {"BQCONN_REFRESH_TOKEN", options_.identity.refresh_token.reveal()},
                         {"NO_PROXY", "127.0.0.1,localhost"},
                         {"no_proxy", "127.0.0.1,localhost"}}));
}

TEST_F(EnvironmentTest, RealAdobeSettingsNeverMeetTheEmulator) {
    const auto variables =
        given({"BQCONN_PLATFORM_URL=real", "BQCONN_IMS_URL=real", "BQCONN_API_KEY=real",
               "BQCONN_API_SECRET=real", "BQCONN_API_SECRET_FILE=real", "BQCONN_ACCESS_TOKEN=real",
               "BQCONN_ACCESS_TOKEN_FILE=real", "BQCONN_ORG_ID=real", "BQCONN_SANDBOX_NAME=real",
               "BQCONN_SCOPES=real", "BQCONN_PROFILE=real", "BQCONN_ENV_FILE=real",
               "BQCONN_CREDENTIALS=real", "BQCONN_CA_FILE=real", "BQCONN_GOOGLE_AUTH_URL=real",
               "BQCONN_GOOGLE_TOKEN_URL=real", "BQCONN_BIGQUERY_URL=real"});
    for (const auto& [name, value] : variables) {
        EXPECT_NE(value, "real") << name;
    }
    EXPECT_EQ(variables, given({}));
}

TEST_F(EnvironmentTest, OtherVariablesStay) {
    const auto variables = given({"PATH=/bin", "EMPTY=", "BQCONN_OUTPUT=id", "BQCONN_DATASET=d"});
    EXPECT_EQ(variables.at("PATH"), "/bin");
    EXPECT_EQ(variables.at("EMPTY"), "");
    EXPECT_EQ(variables.at("BQCONN_OUTPUT"), "id");
    EXPECT_EQ(variables.at("BQCONN_DATASET"), "d");
}

TEST_F(EnvironmentTest, GoogleSettingsOfTheUserStay) {
    EXPECT_EQ(given({"BQCONN_PROJECT=mine"}).at("BQCONN_PROJECT"), "mine");
    EXPECT_EQ(given({"BQCONN_PROJECT=mine"}).count("BQCONN_REFRESH_TOKEN"), 1U);
    for (const char* const name :
         {"BQCONN_CLIENT_ID", "BQCONN_CLIENT_SECRET", "BQCONN_CLIENT_SECRET_FILE",
          "BQCONN_REFRESH_TOKEN", "BQCONN_REFRESH_TOKEN_FILE", "BQCONN_KEY_FILE"}) {
        const auto variables = given({std::string(name) + "=mine"});
        for (const char* const made_up :
             {"BQCONN_CLIENT_ID", "BQCONN_CLIENT_SECRET", "BQCONN_REFRESH_TOKEN"}) {
            EXPECT_EQ(variables.count(made_up), std::string(name) == made_up ? 1U : 0U) << name;
        }
        EXPECT_EQ(variables.at(name), "mine");
    }
}

TEST_F(EnvironmentTest, NoGoogleCredentialsOnRequest) {
    options_.google_credentials = false;
    const auto variables = given({});
    EXPECT_EQ(variables.count("BQCONN_CLIENT_ID"), 0U);
    EXPECT_EQ(variables.count("BQCONN_PROJECT"), 1U);
}

TEST_F(EnvironmentTest, AccessTokenInsteadOfTheSecret) {
    token_ = Secret("token");
    const auto variables = given({});
    EXPECT_EQ(variables.at("BQCONN_ACCESS_TOKEN"), "token");
    EXPECT_EQ(variables.count("BQCONN_API_SECRET"), 0U);
}

TEST_F(EnvironmentTest, CaFile) {
    options_.tls_certificate = "/certificate.pem";
    EXPECT_EQ(given({}).at("BQCONN_CA_FILE"), "/certificate.pem");
    options_.tls_ca = "/ca.pem";
    EXPECT_EQ(given({}).at("BQCONN_CA_FILE"), "/ca.pem");
}

TEST_F(EnvironmentTest, NoProxyForLoopback) {
    const auto one = given({"NO_PROXY=a.example"});
    EXPECT_EQ(one.at("NO_PROXY"), "a.example,127.0.0.1,localhost");
    EXPECT_EQ(one.at("no_proxy"), "a.example,127.0.0.1,localhost");
    const auto both = given({"NO_PROXY=a", "no_proxy=b", "https_proxy=http://proxy"});
    EXPECT_EQ(both.at("NO_PROXY"), "a,127.0.0.1,localhost");
    EXPECT_EQ(both.at("no_proxy"), "b,127.0.0.1,localhost");
    EXPECT_EQ(both.at("https_proxy"), "http://proxy");
    EXPECT_EQ(given({"no_proxy=*"}).at("NO_PROXY"), "*");
}

TEST(EnvFile, QuotesWhatNeedsIt) {
    EXPECT_EQ(env_file_text({{"A", "plain-1_x.y:/@"}, {"B", "a $b\"#"}, {"C", ""}}),
              "A=plain-1_x.y:/@\nB='a $b\"#'\nC=\n");
    EXPECT_THROW(env_file_text({{"A", "it's"}}), Error);
    EXPECT_THROW(env_file_text({{"A", "a\nB=b"}}), Error);
}

TEST(MadeUpIdentity, IsRandomAndSaysWhatItIs) {
    const Identity one = make_up_identity();
    const Identity other = make_up_identity();
    EXPECT_NE(one.api_key, other.api_key);
    EXPECT_NE(one.org_id, other.org_id);
    for (const auto& [a, b] : {std::pair{one.api_secret, other.api_secret},
                               {one.client_secret, other.client_secret},
                               {one.refresh_token, other.refresh_token}}) {
        EXPECT_NE(a.reveal(), b.reveal());
        EXPECT_TRUE(a.reveal().starts_with("emulated-"));
    }
    EXPECT_EQ(one.org_id.size(), 33U);
    EXPECT_TRUE(one.org_id.ends_with("@AdobeOrg"));
}

}  // namespace
}  // namespace bqconn::emulator
