#include "bqconn/emulator/list_filter.hpp"

#include "emulator/list_test.hpp"

namespace bqconn::emulator {
namespace {

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
    expect_refused("?property=nope==a", "1449-400");
    expect_refused("?property=", "1450-400");
    expect_refused("?property=name", "1450-400");
    expect_refused("?property=name=a", "1450-400");
    expect_refused("?property=name~a", "1450-400");
    expect_refused("?property=name===a", "1450-400");
    expect_refused("?property=name==", "1453-400");
    expect_refused("?property=name%3Ea", "1448-400");
    expect_refused("?property=createdAt==yesterday", "1452-400");
    expect_refused("?property=createdAt%3E=1,2", "1443-400");
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
    EXPECT_EQ(list("?orderby=name,-createdAt").json().at("items").at(1).at("createdAt"),
              first_time + 3);
    expect_refused("?orderby=id", "1433-400");
    expect_refused("?orderby=nope", "1433-400");
    expect_refused("?orderby=--name", "1433-400");
}

}  // namespace
}  // namespace bqconn::emulator
