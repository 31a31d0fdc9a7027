#include "emulator/platform/platform.hpp"

#include <gtest/gtest.h>

#include "emulator/http_client.hpp"

namespace bqconn::emulator {
namespace {

const std::string sandboxes_path = "/data/foundation/sandbox-management/";

class SandboxesTest : public testing::Test {
  protected:
    Reply list(const std::string& query = {}) {
        Headers headers = emulator_.credentials();
        headers.erase("x-sandbox-name");
        return send(emulator_.port(), "GET", sandboxes_path + query, headers);
    }

    std::vector<std::string> names(const std::string& query) {
        std::vector<std::string> found;
        const Json document = list(query).json();
        for (const Json& sandbox : document.at("sandboxes")) {
            found.push_back(sandbox.at("name"));
        }
        EXPECT_EQ(document.at("_page").at("count"), found.size());
        return found;
    }

    RunningEmulator emulator_;
};

using Names = std::vector<std::string>;

TEST_F(SandboxesTest, All) {
    const Reply reply = list();
    EXPECT_EQ(reply.status, 200);
    const Json document = reply.json();
    EXPECT_EQ(names(""), (Names{"prod", "dev", "aws-dev"}));
    EXPECT_EQ(document.at("sandboxes").at(0), (Json{{"name", "prod"},
                                                    {"title", "Production"},
                                                    {"state", "active"},
                                                    {"type", "production"},
                                                    {"region", "VA7"},
                                                    {"isDefault", true}}));
    EXPECT_EQ(document.at("sandboxes").at(2).at("region"), "VA6");
    EXPECT_EQ(document.at("_links").size(), 1U);
    EXPECT_EQ(
        document.at("_links").at("page"),
        (Json{{"href", sandboxes_path + "?limit={limit}&offset={offset}"}, {"templated", true}}));
    EXPECT_EQ(document.at("_page"), (Json{{"limit", 50}, {"count", 3}}));
}

TEST_F(SandboxesTest, Pages) {
    EXPECT_EQ(names("?limit=1&offset=0"), (Names{"prod"}));
    EXPECT_EQ(names("?offset=1&limit=1"), (Names{"dev"}));
    EXPECT_EQ(names("?&limit=2&offset=2"), (Names{"aws-dev"}));
    EXPECT_EQ(names("?limit=18446744073709551615&offset=1"), (Names{"dev", "aws-dev"}));
    EXPECT_EQ(names("?limit=5&offset=18446744073709551615"), Names{});
    const Json first = list("?limit=2&offset=0").json().at("_links");
    EXPECT_EQ(first.at("next").at("templated"), true);
    const Json last = list("?limit=2&offset=1").json().at("_links");
    EXPECT_FALSE(last.contains("next"));
}

TEST_F(SandboxesTest, QueriesThatAreWrong) {
    for (const char* const query :
         {"?limit=1", "?offset=1", "?limit=0&offset=0", "?limit=-1&offset=0", "?limit=x&offset=0",
          "?limit=1&offset=", "?limit=1&offset=18446744073709551616"}) {
        const Reply reply = list(query);
        EXPECT_EQ(reply.status, 400) << query;
        EXPECT_EQ(reply.json().at("title"), "BadRequestError") << query;
    }
}

TEST_F(SandboxesTest, TheGatewayStandsBefore) {
    for (const auto& [header, code] : Headers{
             {"Authorization", "403010"}, {"x-api-key", "403000"}, {"x-gw-ims-org-id", "400003"}}) {
        Headers headers = emulator_.credentials();
        headers.erase(header);
        EXPECT_EQ(send(emulator_.port(), "GET", sandboxes_path, headers).json().at("error_code"),
                  code);
    }
    // An unknown sandbox does not matter.
    EXPECT_EQ(send(emulator_.port(), "GET", sandboxes_path, emulator_.credentials("nope")).status,
              200);
    EXPECT_EQ(send(emulator_.port(), "GET", "/data/foundation/sandbox-management",
                   emulator_.credentials())
                  .status,
              404);
}

}  // namespace
}  // namespace bqconn::emulator
