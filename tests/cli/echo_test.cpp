// A server that echoes the request.
#include <gtest/gtest.h>

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>

#include "bqconn/crypto/encoding.hpp"
#include "support/one_run.hpp"
#include "support/temp_folder.hpp"
#include "support/test_keys.hpp"

namespace bqconn::cli {
namespace {

using tests::OneRun;

TEST(Echo, AnEchoedKeyIsTakenOut) {
    const tests::TempFolder folder;
    const std::string& pem = tests::rsa_key_pem();
    const std::string sent = crypto::base64(tests::service_account_text());
    for (const std::string& echo : {pem, pem.substr(200, 300), pem.substr(28, 64), sent}) {
        OneRun run({"create", "-v"});
        run.set_everything();
        run.environment.erase("BQCONN_CLIENT_ID");
        run.environment.erase("BQCONN_CLIENT_SECRET");
        run.environment.erase("BQCONN_REFRESH_TOKEN");
        run.args.insert(run.args.end(),
                        {"--key-file", folder.write("key.json", tests::service_account_text()),
                         "--large-results-dataset", "tmp_results", "--project", "demo-project"});
        run.transport.answer(400, nlohmann::json{{"title", echo}}.dump());
        EXPECT_EQ(run(), 5) << run.err.str();
        EXPECT_NE(run.err.str().find("[redacted]"), std::string::npos) << run.err.str();
        for (std::size_t at = 0; at + 16 <= echo.size(); at += 16) {
            EXPECT_TRUE(echo[at] == '-' ||
                        run.err.str().find(echo.substr(at, 16)) == std::string::npos)
                << run.err.str();
        }
    }
}

}  // namespace
}  // namespace bqconn::cli
