#include "emulator/options.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "bqconn/core/error.hpp"
#include "bqconn/core/text.hpp"
#include "bqconn/version.hpp"

namespace bqconn::emulator {
namespace {

using Arguments = std::vector<std::string>;

Options parsed(const Arguments& arguments) {
    return parse_options(arguments).options.value();
}

void expect_refused(const Arguments& arguments, const std::string& message,
                    const std::string& hint = {}) {
    try {
        parse_options(arguments);
        ADD_FAILURE() << message;
    } catch (const Error& error) {
        EXPECT_EQ(error.exit_code(), ExitCode::usage);
        EXPECT_EQ(error.message(), message);
        EXPECT_NE(error.hint().find(hint), std::string::npos) << error.hint();
        EXPECT_EQ((error.message() + error.hint()).find("SECRET"), std::string::npos);
    }
}

TEST(EmulatorOptions, Defaults) {
    const Options options = parsed({"serve"});
    EXPECT_EQ(options.mode, Mode::serve);
    EXPECT_EQ(options.port, 0);
    EXPECT_TRUE(options.google_credentials);
    EXPECT_FALSE(options.verbose);
    EXPECT_FALSE(options.give_access_token);
    EXPECT_TRUE(options.faults.empty());
    EXPECT_TRUE(options.test_results.empty());
    EXPECT_TRUE(options.patch);
    EXPECT_TRUE(options.licensed);
    EXPECT_EQ(options.connections, 0U);
}

TEST(EmulatorOptions, Everything) {
    const Options options = parsed({"exec",
                                    "--port=81",
                                    "--tls-cert",
                                    "c",
                                    "--tls-key",
                                    "k",
                                    "--tls-ca",
                                    "a",
                                    "--sandbox",
                                    "prod",
                                    "--api-key",
                                    "key",
                                    "--api-secret-file",
                                    "s",
                                    "--org-id",
                                    "o",
                                    "--give-access-token",
                                    "--no-google",
                                    "--fault",
                                    "POST /connections=503",
                                    "--fault",
                                    "GET /connections=reset",
                                    "--google",
                                    "revoked",
                                    "--google",
                                    "no-role",
                                    "--adobe",
                                    "no-basic",
                                    "--clock=-90",
                                    "--google-key",
                                    "gk",
                                    "--google-client",
                                    "gc",
                                    "--adobe-credentials",
                                    "ac",
                                    "--test-result",
                                    "false,true",
                                    "--bad-credentials",
                                    "b",
                                    "--bigquery",
                                    "q",
                                    "--no-patch",
                                    "--unlicensed",
                                    "--connections",
                                    "100000",
                                    "--other-connections=7",
                                    "--run-time",
                                    "60",
                                    "--speed",
                                    "900",
                                    "--runs",
                                    "10000",
                                    "--record",
                                    "r",
                                    "-v",
                                    "--",
                                    "a",
                                    "--port",
                                    "--"});
    EXPECT_EQ(options.mode, Mode::exec);
    EXPECT_EQ(options.port, 81);
    EXPECT_EQ(options.tls_certificate, "c");
    EXPECT_EQ(options.tls_key, "k");
    EXPECT_EQ(options.tls_ca, "a");
    EXPECT_EQ(options.google,
              (std::set<GoogleFailure>{GoogleFailure::revoked, GoogleFailure::no_role}));
    EXPECT_EQ(options.adobe, (std::set<AdobeFailure>{AdobeFailure::no_basic}));
    EXPECT_EQ(options.date_shift, std::chrono::seconds(-90));
    EXPECT_EQ(options.google_key_file, "gk");
    EXPECT_EQ(options.google_client_file, "gc");
    EXPECT_EQ(options.adobe_credentials_file, "ac");
    EXPECT_EQ(options.sandbox, "prod");
    EXPECT_EQ(options.identity.api_key, "key");
    EXPECT_EQ(options.api_secret_file, "s");
    EXPECT_EQ(options.identity.org_id, "o");
    EXPECT_TRUE(options.give_access_token);
    EXPECT_FALSE(options.google_credentials);
    ASSERT_EQ(options.faults.size(), 2U);
    EXPECT_EQ(options.faults[1].text, "GET /connections=reset");
    EXPECT_EQ(options.test_results, (std::vector<bool>{false, true}));
    EXPECT_EQ(options.bad_credentials_file, "b");
    EXPECT_EQ(options.bigquery_file, "q");
    EXPECT_FALSE(options.patch);
    EXPECT_FALSE(options.licensed);
    EXPECT_EQ(options.connections, 100'000U);
    EXPECT_EQ(options.other_connections, 7U);
    EXPECT_EQ(options.run_time, std::chrono::minutes(1));
    EXPECT_EQ(options.speed, 900U);
    EXPECT_EQ(options.runs, 10'000U);
    EXPECT_EQ(options.record_file, "r");
    EXPECT_TRUE(options.verbose);
    EXPECT_EQ(options.command, (Arguments{"a", "--port", "--"}));
    EXPECT_EQ(parsed({"serve", "--env-file", "e"}).env_file, "e");
}

TEST(EmulatorOptions, Refusals) {
    expect_refused({"exec"}, "exec requires a command", "exec -- bqconn create");
    expect_refused({"exec", "--"}, "exec requires a command");
    expect_refused({"serve", "--", "x"}, "serve does not run a command", "exec");
    expect_refused({"exec", "SECRET"}, "unexpected argument", "--");
    expect_refused({"exec", "--prot", "SECRET", "--", "x"}, "unknown option --prot", "--port");
    expect_refused({"exec", "--refresh-token=SECRET", "--", "x"}, "unknown option --refresh-token");
    expect_refused({"exec", "--env-file", "x", "--", "x"}, "unknown option --env-file");
    expect_refused({"SECRET"}, "unexpected argument");
    expect_refused({"--", "x"}, "one verb is required: exec or serve");
    expect_refused({"serve", "--tls-cert", "c"}, "--tls-cert and --tls-key require each other");
    expect_refused({"serve", "--tls-key", "c"}, "--tls-cert and --tls-key require each other");
    expect_refused({"serve", "--tls-ca", "c"}, "--tls-ca requires --tls-cert and --tls-key");
    expect_refused({"serve", "--fault", "POST /a=SECRET"},
                   "--fault: action must be STATUS, html-STATUS, empty-STATUS or reset, any of "
                   "these after apply-then-, truncate=BYTES or slow=MILLISECONDS");
    for (const char* const port : {"-1", "65536", "SECRET", "1x"}) {
        expect_refused({"serve", "--port=" + std::string(port)},
                       "--port must be a number from 0 to 65535");
    }
    for (const char* const number : {"-1", "100001", "SECRET", "1x"}) {
        expect_refused({"serve", "--connections=" + std::string(number)},
                       "--connections must be a number from 0 to 100000");
        expect_refused({"serve", "--other-connections=" + std::string(number)},
                       "--other-connections must be a number from 0 to 100000");
    }
    for (const char* const results : {"True", "SECRET", "true,", "true false"}) {
        expect_refused({"serve", "--test-result", results},
                       "--test-result must be true, false, or a comma-separated list of these");
    }
    expect_refused({"serve", "--google", "revokd"},
                   "--google must be one of: revoked, rapt, wrong-client, missing-scope, "
                   "no-bigquery-scope, wrong-secret, allow, deny, untick, testing, "
                   "no-refresh-token, key-deleted, account-deleted, clock, api-disabled, "
                   "no-project, no-role, no-dataset-role",
                   "did you mean revoked?");
    expect_refused({"serve", "--adobe", "SECRET"},
                   "--adobe must be one of: wrong-key, no-profile, no-org, no-permission, "
                   "no-datasets, no-basic",
                   "docs/emulator.md");
    for (const char* const shift : {"SECRET", "--1", "315360001", "-315360001", "1s"}) {
        expect_refused({"serve", "--clock=" + std::string(shift)},
                       "--clock must be a number of seconds, at most 315360000", "--clock=-90");
    }
    expect_refused({"serve", "--port"}, "--port requires a value");
    expect_refused({"serve", "--port="}, "--port requires a value");
    expect_refused({"serve", "--port", "1", "--port", "2"}, "--port may be given only once");
    expect_refused({"exec", "serve", "--", "x"}, "one verb is required: exec or serve");
}

TEST(EmulatorOptions, HelpAndVersion) {
    for (const Arguments& arguments : {Arguments{},
                                       {"--help"},
                                       {"-h"},
                                       {"exec", "--help"},
                                       {"serve", "-h"},
                                       {"exec", "-h", "--"}}) {
        EXPECT_EQ(parse_options(arguments).text, help_text());
        EXPECT_FALSE(parse_options(arguments).options.has_value());
    }
    EXPECT_EQ(parse_options(Arguments{"--version"}).text,
              "bqconn-emulator " + std::string(version) + "\n");
}

TEST(EmulatorOptions, HelpNamesEveryOption) {
    const std::string help = help_text();
    for (const std::string flag : {"--port",
                                   "--tls-cert",
                                   "--tls-key",
                                   "--tls-ca",
                                   "--sandbox",
                                   "--api-key",
                                   "--api-secret-file",
                                   "--org-id",
                                   "--give-access-token",
                                   "--no-google",
                                   "--google-key",
                                   "--google-client",
                                   "--google",
                                   "--adobe-credentials",
                                   "--adobe",
                                   "--clock",
                                   "--fault",
                                   "--test-result",
                                   "--bad-credentials",
                                   "--bigquery",
                                   "--no-patch",
                                   "--unlicensed",
                                   "--connections",
                                   "--other-connections",
                                   "--run-time",
                                   "--speed",
                                   "--runs",
                                   "--record",
                                   "-v, --verbose",
                                   "-h, --help",
                                   "--version",
                                   "--env-file"}) {
        EXPECT_NE(help.find("\n  " + flag), std::string::npos) << flag;
    }
    for (const auto& line : split(help, '\n')) {
        EXPECT_LE(line.size(), 100U) << line;
    }
}

TEST(EmulatorOptions, HelpAndDocumentNameEveryFailure) {
    const std::string help = help_text();
    std::ifstream file(std::string(BQCONN_TESTS_FOLDER) + "/../docs/emulator.md");
    const std::string document{std::istreambuf_iterator<char>(file), {}};
    std::size_t words = 0;
    for (const auto& section : help_sections()) {
        for (const auto& entry : section.entries) {
            if (!section.title.starts_with("Failures")) {
                continue;
            }
            for (const auto& part : split(entry.term, ',')) {
                const std::string word(trim_ascii(part));
                ++words;
                EXPECT_NE(help.find(" " + word), std::string::npos) << word;
                EXPECT_NE(document.find("| `" + word + "` |"), std::string::npos) << word;
            }
        }
    }
    EXPECT_GE(words, 20U);
}

}  // namespace
}  // namespace bqconn::emulator
