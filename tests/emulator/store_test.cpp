#include "emulator/store/store.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "emulator/http_client.hpp"

namespace bqconn::emulator {
namespace {

class StoreTest : public testing::Test {
  protected:
    static Json resource(const std::string& name) { return {{"name", name}}; }

    static Options options() {
        Options options;
        options.clock = [] {
            return std::chrono::system_clock::time_point(std::chrono::hours(24));
        };
        return options;
    }

    ResourceList list(Kind kind, const Sandbox& sandbox) {
        return store_.page(kind, sandbox, {}, 0, 100).resources;
    }

    const Options options_ = options();
    Store store_{options_};
    const Sandbox& dev_ = *store_.find_sandbox("dev");
    const Sandbox& prod_ = *store_.find_sandbox("prod");
};

TEST_F(StoreTest, GivesWhatIsMissingAndKeepsWhatIsThere) {
    const auto made = store_.add(Kind::connection, dev_, resource("a"));
    EXPECT_FALSE(made->at("id").get<std::string>().empty());
    const std::string etag = made->at("etag");
    EXPECT_TRUE(etag.starts_with('"') && etag.ends_with('"'));
    EXPECT_EQ(made->at("version"), etag);
    EXPECT_EQ(made->at("createdAt"), 86'400'000);
    EXPECT_EQ(made->at("updatedAt"), made->at("createdAt"));
    Json old = resource("b");
    old["createdAt"] = 5;
    old["updatedAt"] = 7;
    EXPECT_EQ(store_.add(Kind::connection, dev_, old)->at("updatedAt"), 7);
}

TEST_F(StoreTest, KindsAndSandboxesAreApart) {
    const auto made = store_.add(Kind::connection, dev_, resource("a"));
    EXPECT_EQ(list(Kind::connection, dev_).size(), 1U);
    EXPECT_TRUE(list(Kind::source_connection, dev_).empty());
    EXPECT_TRUE(list(Kind::connection, prod_).empty());
    EXPECT_EQ(store_.find(Kind::connection, dev_, made->at("id")), made);
    EXPECT_EQ(store_.find(Kind::flow, dev_, made->at("id")), nullptr);
    EXPECT_EQ(store_.find(Kind::connection, prod_, made->at("id")), nullptr);
    EXPECT_EQ(store_.remove(Kind::connection, prod_, made->at("id")), Removal::unknown);
    EXPECT_EQ(store_.remove(Kind::connection, dev_, made->at("id")), Removal::removed);
}

TEST_F(StoreTest, ReplacesOnlyTheVersionThatWasRead) {
    const auto made = store_.add(Kind::connection, dev_, resource("a"));
    Json changed = *made;
    changed["name"] = "b";
    const auto stored = store_.replace(Kind::connection, dev_, changed);
    ASSERT_NE(stored, nullptr);
    EXPECT_NE(stored->at("etag"), made->at("etag"));
    // The clock is fixed here.
    EXPECT_EQ(stored->at("updatedAt"), made->at("updatedAt").get<std::int64_t>() + 1);
    EXPECT_EQ(made->at("name"), "a");
    EXPECT_EQ(store_.replace(Kind::connection, dev_, changed), nullptr);
    EXPECT_EQ(store_.find(Kind::connection, dev_, made->at("id"))->at("name"), "b");
    store_.remove(Kind::connection, dev_, made->at("id"));
    EXPECT_EQ(store_.replace(Kind::connection, dev_, *stored), nullptr);
}

TEST_F(StoreTest, KeepsItsPlaceInTheList) {
    const auto first = store_.add(Kind::connection, dev_, resource("a"));
    store_.add(Kind::connection, dev_, resource("b"));
    store_.replace(Kind::connection, dev_, *first);
    EXPECT_EQ(list(Kind::connection, dev_).front()->at("name"), "a");
}

TEST_F(StoreTest, Pages) {
    for (const char* const name : {"a", "b", "c", "d"}) {
        store_.add(Kind::connection, dev_, resource(name));
    }
    const Page middle = store_.page(Kind::connection, dev_, {}, 1, 2);
    ASSERT_EQ(middle.resources.size(), 2U);
    EXPECT_EQ(middle.resources[0]->at("name"), "b");
    EXPECT_EQ(middle.total, 4U);
    EXPECT_EQ(store_.page(Kind::connection, dev_, {}, 3, 9).resources.size(), 1U);
    EXPECT_TRUE(store_.page(Kind::connection, dev_, {}, 9, 9).resources.empty());
    EXPECT_EQ(store_.page(Kind::connection, dev_, {}, 9, 9).total, 4U);
}

TEST_F(StoreTest, SelectsOnlyOnceUntilSomethingChanges) {
    int selected = 0;
    const Selection all_but_first{"key", [&](const ResourceList& all) {
                                      ++selected;
                                      return ResourceList(all.begin() + 1, all.end());
                                  }};
    const auto names = [&] {
        std::string text;
        for (const auto& one : store_.page(Kind::connection, dev_, all_but_first, 0, 9).resources) {
            text += one->at("name").get<std::string>();
        }
        return text;
    };
    store_.add(Kind::connection, dev_, resource("a"));
    const auto second = store_.add(Kind::connection, dev_, resource("b"));
    EXPECT_EQ(names(), "b");
    EXPECT_EQ(names(), "b");
    store_.add(Kind::connection, prod_, resource("c"));
    store_.add(Kind::flow, dev_, {{"name", "x"}, {"sourceConnectionIds", Json::array()}});
    EXPECT_EQ(names(), "b");
    EXPECT_EQ(selected, 1);
    store_.add(Kind::connection, dev_, resource("c"));
    EXPECT_EQ(names(), "bc");
    Json changed = *second;
    changed["name"] = "B";
    store_.replace(Kind::connection, dev_, changed);
    EXPECT_EQ(names(), "Bc");
    store_.remove(Kind::connection, dev_, second->at("id"));
    EXPECT_EQ(names(), "c");
    EXPECT_EQ(selected, 4);
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
