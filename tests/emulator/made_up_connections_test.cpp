#include "bqconn/emulator/made_up_connections.hpp"

#include <gtest/gtest.h>

#include <set>

#include "bqconn/emulator/connection_spec.hpp"
#include "emulator/http_client.hpp"

namespace bqconn::emulator {
namespace {

class MadeUpConnectionsTest : public testing::Test {
  protected:
    void add(const MadeUpConnections& wanted, const std::string& sandbox = "dev") {
        Store& store = emulator_.emulator.store();
        add_made_up_connections(store, *store.find_sandbox(sandbox), emulator_.emulator.identity(),
                                wanted);
    }

    // Every item of the list, page after page.
    std::vector<Json> all(const std::string& query, const std::string& sandbox = "dev") {
        std::vector<Json> items;
        std::string page;
        for (;;) {
            const Reply reply =
                emulator_.flow("GET", "/connections?limit=100" + query + page, {}, sandbox);
            EXPECT_EQ(reply.status, 200) << reply.body;
            const Json document = reply.json();
            for (const Json& item : document.at("items")) {
                items.push_back(item);
            }
            if (!document.at("_links").contains("next")) {
                return items;
            }
            const std::string href = document.at("_links").at("next").at("href");
            page = "&" + href.substr(href.find('?') + 1);
        }
    }

    RunningEmulator emulator_;
};

const std::string of_bigquery = "&property=connectionSpec.id==" + std::string(bigquery_spec_id);

TEST_F(MadeUpConnectionsTest, NamesTimesStatesAndAuthSpecs) {
    const std::int64_t now = emulator_.emulator.store().now();
    add({30, 0});
    const auto items = all("");
    ASSERT_EQ(items.size(), 30U);
    EXPECT_EQ(items.front().at("name"), "Connection 00001");
    EXPECT_EQ(items.back().at("name"), "Connection 00030");
    std::set<std::int64_t> created;
    std::set<std::int64_t> updated;
    std::set<std::string> states;
    std::set<std::string> auth_specs;
    std::set<std::string> etags;
    for (const Json& item : items) {
        EXPECT_GE(item.at("updatedAt"), item.at("createdAt"));
        EXPECT_LE(item.at("updatedAt"), now + 1000);
        created.insert(item.at("createdAt").get<std::int64_t>());
        updated.insert(item.at("updatedAt").get<std::int64_t>());
        etags.insert(item.at("etag").get<std::string>());
        states.insert(item.at("state").get<std::string>());
        auth_specs.insert(item.at("auth").at("specName").get<std::string>());
        // Valid, as if created by a POST.
        EXPECT_TRUE(params_violations(Cloud::azure, json::string_at(item.at("auth"), "specName"),
                                      item.at("auth").at("params"))
                        .empty());
    }
    EXPECT_EQ(created.size(), 30U);
    EXPECT_EQ(updated.size(), 30U);
    EXPECT_EQ(etags.size(), 30U);
    EXPECT_EQ(states, (std::set<std::string>{"disabled", "draft", "enabled"}));
    EXPECT_EQ(auth_specs,
              (std::set<std::string>{"Basic Authentication", "Service Authentication"}));
    EXPECT_NE(all("&orderby=updatedAt"), all("&orderby=createdAt"));
}

TEST_F(MadeUpConnectionsTest, OthersAreMixedIn) {
    add({20, 10});
    const auto items = all("");
    ASSERT_EQ(items.size(), 30U);
    EXPECT_EQ(items.at(2).at("name"), "Other connection 00001");
    EXPECT_EQ(items.at(3).at("name"), "Connection 00003");
    EXPECT_EQ(items.back().at("name"), "Other connection 00010");
    EXPECT_NE(items.back().at("connectionSpec").at("id"), bigquery_spec_id);
    const auto ours = all(of_bigquery);
    ASSERT_EQ(ours.size(), 20U);
    EXPECT_EQ(ours.back().at("name"), "Connection 00020");
}

TEST_F(MadeUpConnectionsTest, OnAws) {
    add({3, 0}, "aws-dev");
    for (const Json& item : all("", "aws-dev")) {
        EXPECT_TRUE(params_violations(Cloud::aws, json::string_at(item.at("auth"), "specName"),
                                      item.at("auth").at("params"))
                        .empty());
    }
    EXPECT_TRUE(all("").empty());
}

TEST_F(MadeUpConnectionsTest, ManyPages) {
    add({2'000, 200});
    const auto items = all(of_bigquery + "&orderby=-name");
    ASSERT_EQ(items.size(), 2'000U);
    EXPECT_EQ(items.front().at("name"), "Connection 02000");
    EXPECT_EQ(items.back().at("name"), "Connection 00001");
}

TEST_F(MadeUpConnectionsTest, APageOfTenThousandIsQuick) {
    add({10'000, 0});
    const auto begin = std::chrono::steady_clock::now();
    const Json page =
        emulator_.flow("GET", "/connections?limit=100&orderby=-name" + of_bigquery).json();
    EXPECT_EQ(page.at("items").size(), 100U);
    EXPECT_EQ(page.at("items").at(0).at("name"), "Connection 10000");
    // Enough for sanitizers on a busy machine, but not for anything quadratic.
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(5));
}

}  // namespace
}  // namespace bqconn::emulator
