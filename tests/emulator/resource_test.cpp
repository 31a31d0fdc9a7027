#include "emulator/platform/platform.hpp"

#include <algorithm>

#include "emulator/resource_test.hpp"

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

// Adobe's Python SDK sends what follows the only '=' of the link, without decoding it.
TEST_F(ListTest, TokenIsLettersAndDigits) {
    make("a");
    make("b");
    const std::string href = list("?limit=1").json().at("_links").at("next").at("href");
    const auto equals = href.find('=');
    const std::string token = href.substr(equals + 1);
    EXPECT_TRUE(is_word(token, "")) << token;
    EXPECT_EQ(names("?limit=1&continuationToken=" + token), (Names{"b"}));
    for (const std::string& other : {token + "x", token.substr(0, token.size() - 1), "x" + token}) {
        expect_refused("?continuationToken=" + other, "1453-400");
    }
}

TEST_F(ListTest, TokenOfAnotherRun) {
    expect_refused("?continuationToken=nonsense", "1453-400");
    make("a");
    make("b");
    const std::string href = list("?limit=1").json().at("_links").at("next").at("href");
    RunningEmulator other;
    EXPECT_EQ(other.flow("GET", href).status, 400);
}

TEST_F(ListTest, OnlyThePropertiesAskedFor) {
    const std::string id = make("a");
    make("b");
    const Json a = {{"id", id}, {"name", "a"}};
    EXPECT_EQ(list("?property=id,name&property=name==a").json().at("items"), Json::array({a}));
    EXPECT_EQ(list("?property=name&property=id&limit=1").json().at("items"), Json::array({a}));
    EXPECT_EQ(names("?property=name,description,auth"), (Names{"a", "b"}));
    EXPECT_EQ(list("?property=name,nope&limit=1").json().at("items"),
              Json::array({{{"name", "a"}}}));
}

class FilterTest : public ListTest {};

TEST_F(FilterTest, FilterByName) {
    make("a");
    make("b");
    make("a b&c=d");
    make("a");
    EXPECT_EQ(names("?property=name==a"), (Names{"a", "a"}));
    EXPECT_EQ(names("?property=name%3D%3Da"), (Names{"a", "a"}));
    EXPECT_EQ(names("?property=name==a%20b%26c%3Dd"), (Names{"a b&c=d"}));
    EXPECT_EQ(names("?property=name==a+b%26c=d"), (Names{"a b&c=d"}));
    EXPECT_EQ(names("?property=name==A"), Names{});
    EXPECT_EQ(names("?property=name!=a"), (Names{"b", "a b&c=d"}));
}

TEST_F(FilterTest, CommaMeansOrEvenInAName) {
    make("a");
    make("b");
    make("a,b");
    make("c");
    EXPECT_EQ(names("?property=name==a,b"), (Names{"a", "b"}));
    EXPECT_EQ(names("?property=name==a%2Cb"), (Names{"a", "b"}));
    EXPECT_EQ(names("?property=name!=a,b"), (Names{"a,b", "c"}));
}

TEST_F(FilterTest, FilterById) {
    const std::string first = make("a");
    make("b");
    const std::string third = make("c");
    EXPECT_EQ(names("?property=id==" + third), (Names{"c"}));
    EXPECT_EQ(names("?property=id==" + first + "," + third), (Names{"a", "c"}));
    EXPECT_EQ(names("?property=id==nope"), Names{});
}

TEST_F(FilterTest, FilterByStateAndSpec) {
    make("a", "disabled");
    make("b");
    EXPECT_EQ(names("?property=state==enabled"), (Names{"b"}));
    EXPECT_EQ(names("?property=state==enabled,disabled"), (Names{"a", "b"}));
    EXPECT_EQ(names("?property=connectionSpec.id==3c9b37f8-13a6-43d8-bad3-b863b941fedd"),
              (Names{"a", "b"}));
    EXPECT_EQ(names("?property=connectionSpec.id==another"), Names{});
}

TEST_F(FilterTest, SeveralFiltersAreAnded) {
    make("a", "disabled");
    make("a");
    make("b");
    EXPECT_EQ(names("?property=state==enabled&property=name==a"), (Names{"a"}));
    EXPECT_EQ(names("?property=name==a&property=name==b"), Names{});
}

TEST_F(FilterTest, FilterByAnyProperty) {
    const Sandbox& dev = *emulator_->emulator.store().find_sandbox("dev");
    emulator_->emulator.store().add(
        Kind::connection, dev,
        {{"name", "a"},
         {"description", "words"},
         {"createdBy", "me"},
         {"auth", {{"params", {{"project", "p1"}}}, {"isOn", true}, {"count", 15}}}});
    make("b");
    for (const char* const filter :
         {"description==words", "description!=x&property=createdBy==me", "createdBy==you,me",
          "auth.params.project==p1", "auth.isOn==true", "auth.count==15", "etag!=x&limit=1"}) {
        EXPECT_EQ(names("?property=" + std::string(filter)), (Names{"a"})) << filter;
    }
    EXPECT_EQ(names("?property=sandboxName==dev"), (Names{"a", "b"}));
    for (const char* const filter : {"auth==p1", "auth.params==p1", "auth[].project[]==p2",
                                     "auth.params.project.x==p1", "updatedBy==me"}) {
        EXPECT_EQ(names("?property=" + std::string(filter)), Names{}) << filter;
    }
}

TEST_F(FilterTest, FilterByTime) {
    make("a");
    make("b");
    make("c");
    const auto at = [](int n) { return std::to_string(first_time + n); };
    EXPECT_EQ(names("?property=createdAt%3E=" + at(1)), (Names{"b", "c"}));
    EXPECT_EQ(names("?property=createdAt%3E" + at(1)), (Names{"c"}));
    EXPECT_EQ(names("?property=createdAt%3C" + at(1)), (Names{"a"}));
    EXPECT_EQ(names("?property=createdAt%3C=" + at(1)), (Names{"a", "b"}));
    EXPECT_EQ(names("?property=updatedAt==" + at(2)), (Names{"c"}));
}

TEST_F(FilterTest, FiltersThatAreNotUnderstood) {
    EXPECT_EQ(names("?property=nope==a"), Names{});
    expect_refused("?property=name=a", "1450-400");
    expect_refused("?property=name~a", "1450-400");
    expect_refused("?property=name===a", "1450-400");
    expect_refused("?property=name==", "1453-400");
    expect_refused("?start=1", "1451-400");
}

TEST_F(FilterTest, Order) {
    make("b");
    make("c");
    make("a");
    make("b");
    EXPECT_EQ(names("?orderby=name"), (Names{"a", "b", "b", "c"}));
    EXPECT_EQ(names("?orderby=-name"), (Names{"c", "b", "b", "a"}));
    EXPECT_EQ(names("?orderby=%2Bname"), (Names{"a", "b", "b", "c"}));
    EXPECT_EQ(names("?orderby=+name"), (Names{"a", "b", "b", "c"}));
    EXPECT_EQ(names("?orderby=createdAt"), (Names{"b", "c", "a", "b"}));
    EXPECT_EQ(names("?orderby=-createdAt"), (Names{"b", "a", "c", "b"}));
    expect_refused("?orderby=id", "1433-400");
    expect_refused("?orderby=nope", "1433-400");
    expect_refused("?orderby=--name", "1433-400");
}

}  // namespace
}  // namespace bqconn::emulator
