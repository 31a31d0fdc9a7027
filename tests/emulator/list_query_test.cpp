#include "bqconn/emulator/list_query.hpp"

#include <algorithm>

#include "emulator/list_test.hpp"

namespace bqconn::emulator {
namespace {

TEST_F(ListTest, Empty) {
    EXPECT_EQ(list("").json(), (Json{{"items", Json::array()}, {"_links", Json::object()}}));
    EXPECT_EQ(list("?count=true").json(), (Json{{"count", 0}}));
}

TEST_F(ListTest, OldestFirst) {
    make("b");
    make("a");
    make("c");
    EXPECT_EQ(names(""), (Names{"b", "a", "c"}));
}

TEST_F(ListTest, Count) {
    make("a");
    make("b");
    EXPECT_EQ(list("?count=true").json(), (Json{{"count", 2}}));
    EXPECT_EQ(list("?count=True&property=name==a").json(), (Json{{"count", 1}}));
    EXPECT_TRUE(list("?count=false&limit=5").json().contains("items"));
    expect_refused("?count=true&limit=20", "1401-400");
}

TEST_F(ListTest, LimitMustBeANumberFromOne) {
    for (const char* const limit : {"0", "-1", "", "1.5", "ten", "%31%20"}) {
        expect_refused("?limit=" + std::string(limit), "1453-400");
    }
}

TEST_F(ListTest, PagesOfTwentyByDefaultAndAHundredAtMost) {
    for (int i = 0; i < 101; ++i) {
        make(std::to_string(i));
    }
    EXPECT_EQ(names("").size(), 20U);
    EXPECT_EQ(names("?limit=100").size(), 100U);
    EXPECT_EQ(names("?limit=5000").size(), 100U);
    EXPECT_EQ(names("?limit=7").size(), 7U);
}

TEST_F(ListTest, PagesHoldEverythingOnce) {
    Names expected;
    for (int i = 0; i < 25; ++i) {
        expected.push_back("name " + std::to_string(i));
        make(expected.back());
    }
    std::sort(expected.begin(), expected.end());
    Names found;
    std::string page;
    int pages = 0;
    for (;;) {
        const Json document = list("?orderby=name&limit=10" + page).json();
        for (const auto& item : document.at("items")) {
            found.push_back(item.at("name"));
        }
        ++pages;
        if (document.at("_links").empty()) {
            break;
        }
        const std::string href = document.at("_links").at("next").at("href");
        ASSERT_EQ(href.find("/connections?continuationToken="), 0U);
        page = "&" + href.substr(href.find('?') + 1);
    }
    EXPECT_EQ(pages, 3);
    EXPECT_EQ(found, expected);
}

TEST_F(ListTest, AFullLastPageHasNoNext) {
    make("a");
    make("b");
    EXPECT_TRUE(list("?limit=2").json().at("_links").empty());
    EXPECT_FALSE(list("?limit=1").json().at("_links").empty());
}

TEST_F(ListTest, HrefCanBeFollowedAsItIs) {
    make("a");
    make("b");
    const std::string href = list("?limit=1").json().at("_links").at("next").at("href");
    const Reply reply = emulator_->flow("GET", href);
    EXPECT_EQ(reply.json().at("items").at(0).at("name"), "b");
}

TEST_F(ListTest, TokenMustBeDecodedOnceAndEncodedAgain) {
    make("a");
    make("b");
    const std::string href = list("?limit=1").json().at("_links").at("next").at("href");
    const std::string encoded = href.substr(href.find("Token=") + 6);
    const std::string token = percent_decode(encoded, false);
    EXPECT_EQ(percent_encode(token), encoded);
    expect_refused("?continuationToken=" + percent_encode(encoded), "1453-400");
    expect_refused("?continuationToken=" + token.substr(0, token.find('#')), "1453-400");
}

TEST_F(ListTest, TokenOfAnotherRun) {
    expect_refused("?continuationToken=nonsense", "1453-400");
    make("a");
    make("b");
    const std::string href = list("?limit=1").json().at("_links").at("next").at("href");
    RunningEmulator other;
    EXPECT_EQ(other.flow("GET", href).status, 400);
}

}  // namespace
}  // namespace bqconn::emulator
