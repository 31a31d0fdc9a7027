#include "bqconn/emulator/store.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "emulator/http_client.hpp"

namespace bqconn::emulator {
namespace {

class StoreTest : public testing::Test {
  protected:
    Resource resource(const std::string& name, const Json& members = Json::object()) {
        Resource made;
        made.name = name;
        made.sandbox_id = dev_.id;
        made.members = members;
        return made;
    }

    Store store_{[] { return std::chrono::system_clock::time_point(std::chrono::hours(24)); }};
    const Sandbox& dev_ = *store_.find_sandbox("dev");
    const Sandbox& prod_ = *store_.find_sandbox("prod");
};

TEST_F(StoreTest, GivesWhatIsMissingAndKeepsWhatIsThere) {
    const auto made = store_.add(Kind::connection, resource("a"));
    EXPECT_FALSE(made->id.empty());
    EXPECT_TRUE(made->etag.starts_with('"') && made->etag.ends_with('"'));
    EXPECT_EQ(made->created_at, 86'400'000);
    EXPECT_EQ(made->updated_at, made->created_at);
    Resource old = resource("b");
    old.created_at = 5;
    old.updated_at = 7;
    EXPECT_EQ(store_.add(Kind::connection, old)->updated_at, 7);
}

TEST_F(StoreTest, KindsAndSandboxesAreApart) {
    const auto made = store_.add(Kind::connection, resource("a"));
    EXPECT_EQ(store_.list(Kind::connection, dev_).size(), 1U);
    EXPECT_TRUE(store_.list(Kind::source_connection, dev_).empty());
    EXPECT_TRUE(store_.list(Kind::connection, prod_).empty());
    EXPECT_EQ(store_.find(Kind::connection, dev_, made->id), made);
    EXPECT_EQ(store_.find(Kind::flow, dev_, made->id), nullptr);
    EXPECT_EQ(store_.find(Kind::connection, prod_, made->id), nullptr);
    EXPECT_EQ(store_.remove(Kind::connection, prod_, made->id), Removal::unknown);
    EXPECT_EQ(store_.remove(Kind::connection, dev_, made->id), Removal::removed);
}

TEST_F(StoreTest, ReplacesOnlyTheVersionThatWasRead) {
    const auto made = store_.add(Kind::connection, resource("a"));
    Resource changed = *made;
    changed.name = "b";
    const auto stored = store_.replace(Kind::connection, changed);
    ASSERT_NE(stored, nullptr);
    EXPECT_NE(stored->etag, made->etag);
    // The clock is fixed here.
    EXPECT_EQ(stored->updated_at, made->updated_at + 1);
    EXPECT_EQ(made->name, "a");
    EXPECT_EQ(store_.replace(Kind::connection, changed), nullptr);
    EXPECT_EQ(store_.find(Kind::connection, dev_, made->id)->name, "b");
    store_.remove(Kind::connection, dev_, made->id);
    EXPECT_EQ(store_.replace(Kind::connection, *stored), nullptr);
}

TEST_F(StoreTest, KeepsItsPlaceInTheList) {
    const auto first = store_.add(Kind::connection, resource("a"));
    store_.add(Kind::connection, resource("b"));
    store_.replace(Kind::connection, *first);
    EXPECT_EQ(store_.list(Kind::connection, dev_).front()->name, "a");
}

// Of several clients that have read the same version, only one may change it.
TEST(StoreOverHttp, OnePatchWins) {
    RunningEmulator emulator;
    const std::string path = "/connections/" + emulator.create("a");
    Headers headers = emulator.credentials();
    headers["Content-Type"] = "application/json";
    headers["If-Match"] = emulator.flow("GET", path).json().at("items").at(0).at("etag");
    std::atomic<int> won = 0;
    std::atomic<int> stale = 0;
    std::vector<std::thread> threads;
    threads.reserve(8);
    for (int i = 0; i < 8; ++i) {
        threads.emplace_back([&] {
            const Reply reply =
                send(emulator.port(), "PATCH", "/data/foundation/flowservice" + path, headers,
                     R"([{"op": "replace", "path": "/name", "value": "b"}])");
            won += reply.status == 200 ? 1 : 0;
            stale += reply.status == 412 ? 1 : 0;
        });
    }
    for (auto& thread : threads) {
        thread.join();
    }
    EXPECT_EQ(won, 1);
    EXPECT_EQ(stale, 7);
}

}  // namespace
}  // namespace bqconn::emulator
