#include "bqconn/flow/connections.hpp"

#include <gtest/gtest.h>

#include "support/expect_error.hpp"
#include "support/fake_transport.hpp"
#include "support/samples.hpp"

namespace bqconn::flow {
namespace {

using tests::error_of;
using tests::FakeTransport;

Found find(FakeTransport& transport, const std::string& name) {
    FlowService service = tests::service_over(transport);
    return find_connections(service, name);
}

TEST(FindConnections, FollowsEveryPageWithTheSameParameters) {
    FakeTransport transport;
    transport.answer(
        200, R"({"items":[{"id":"a","name":"n","createdAt":2}],)"
             R"("_links":{"next":{"href":"/connections?limit=1&continuationToken=t%2B1%3D"}}})");
    transport.answer(200, R"({"items":[{"id":"b","name":"n","createdAt":1}],"_links":{}})");
    const Found found = find(transport, "n");
    ASSERT_EQ(found.connections.size(), 2U);
    EXPECT_EQ(found.connections[0].id, "b") << "oldest first";
    const std::string first = transport.requests()[0].url;
    EXPECT_EQ(transport.requests()[1].url, first + "&continuationToken=t%2B1%3D")
        << "decoded once, encoded once";
}

TEST(FindConnections, ARepeatedTokenEnds) {
    FakeTransport transport;
    const std::string page =
        R"({"items":[],"_links":{"next":{"href":"/connections?continuationToken=again"}}})";
    transport.answer(200, page);
    transport.answer(200, page);
    EXPECT_EQ(error_of([&] { find(transport, "n"); }).exit_code(), ExitCode::bad_response);
}

TEST(FindConnections, ANameWithACommaIsFoundBySpecAlone) {
    FakeTransport transport;
    transport.answer(200, R"({"items":[{"id":"a","name":"a,b"},{"id":"b","name":"a"}]})");
    EXPECT_EQ(find(transport, "a,b").connections.size(), 1U);
    EXPECT_EQ(transport.requests()[0].url.find("name%3D%3D"), std::string::npos);
}

TEST(FindConnections, AnswersThatCannotBeUsed) {
    for (const char* const body :
         {"", "[]", "{}", R"({"items":{}})", R"({"items":[1]})", R"({"items":[{"id":"../x"}]})",
          R"({"items":[{"name":"n"}]})", "<html>", R"({"items":[)"}) {
        FakeTransport transport;
        transport.answer(200, body);
        EXPECT_EQ(error_of([&] { find(transport, "n"); }).exit_code(), ExitCode::bad_response)
            << body;
    }
    FakeTransport transport;
    transport.answer(403, "");
    EXPECT_EQ(error_of([&] { find(transport, "n"); }).exit_code(), ExitCode::auth);
}

TEST(FindConnections, WithoutANameEveryOne) {
    FakeTransport transport;
    transport.answer(200, R"({"items":[{"id":"a","name":"x"},{"id":"b","name":"y"}]})");
    FlowService service = tests::service_over(transport);
    EXPECT_EQ(find_connections(service, std::nullopt).connections.size(), 2U);
}

TEST(FindConnections, OddLinksEndTheList) {
    for (const char* const links :
         {"null", "[]", R"({"next":null})", R"({"next":{"href":1}})", R"({"next":{"href":""}})"}) {
        FakeTransport transport;
        transport.answer(200, R"({"items":[],"_links":)" + std::string(links) + "}");
        EXPECT_TRUE(find(transport, "n").connections.empty()) << links;
    }
}

TEST(FindConnections, AListThatMayBeShortIsNoList) {
    for (const char* const links :
         {R"({"next":{"href":"/connections?xcontinuationToken=a"}})", R"({"next":"/connections"})",
          R"({"next":{"href":"/connections?limit=20"}})"}) {
        FakeTransport transport;
        transport.answer(200, R"({"items":[],"_links":)" + std::string(links) + "}");
        EXPECT_EQ(error_of([&] { find(transport, "n"); }).exit_code(), ExitCode::bad_response)
            << links;
    }
}

TEST(FindConnections, EmptyPagesWithoutEndEnd) {
    FakeTransport transport;
    for (int i = 0; i <= 100; ++i) {
        transport.answer(200, R"({"items":[],"_links":{"next":{"href":"?continuationToken=)" +
                                  std::to_string(i) + "\"}}}");
    }
    EXPECT_EQ(error_of([&] { find(transport, "n"); }).exit_code(), ExitCode::bad_response);
}

TEST(FindConnections, ANameThatMayMeanSomethingInAFilterIsComparedByUs) {
    for (const std::string name : {"=1", "~x", "a,b", "a<b", "a!b"}) {
        FakeTransport transport;
        transport.answer(200, R"({"items":[{"id":"a","name":")" + name + R"("},{"id":"b"}]})");
        EXPECT_EQ(find(transport, name).connections.size(), 1U) << name;
        EXPECT_EQ(transport.requests()[0].url.find("name%3D%3D"), std::string::npos);
    }
}

constexpr const char* one_item =
    R"({"id":"a","etag":"\"1\"","name":"n","description":"d","state":"enabled","createdAt":1,)"
    R"("updatedAt":2,"auth":{"specName":"Basic Authentication","params":{"project":"p",)"
    R"("clientSecret":"made-up-returned-secret","largeResultsDataSetId":"big"}},)"
    R"("connectionSpec":{"id":"3c9b37f8-13a6-43d8-bad3-b863b941fedd","version":"1.0"}})";

TEST(ReadConnection, AloneOrInAList) {
    for (const std::string& body :
         {std::string(one_item), R"({"items":[)" + std::string(one_item) + "]}"}) {
        FakeTransport transport;
        FlowService service = tests::service_over(transport);
        transport.answer(200, body);
        const Connection one = read_connection(service, "a");
        EXPECT_EQ(one.etag, "\"1\"");
        EXPECT_EQ(one.auth_spec, "Basic Authentication");
        EXPECT_EQ(one.auth_parameters,
                  (std::vector<std::string>{"clientSecret", "largeResultsDataSetId", "project"}));
        EXPECT_EQ(one.large_results_dataset, "big");
        EXPECT_EQ(one.updated_at, 2);
        EXPECT_TRUE(transport.requests()[0].url.ends_with("/connections/a"));
    }
}

TEST(ReadConnection, WhatCannotBeUsed) {
    struct Case {
        const char* body;
        const char* code;
    };
    for (const Case& one :
         {Case{R"({"items":[]})", "not_found.connection"},
          Case{R"({"items":[{"id":"b"}]})", "bad_response.connection"},
          Case{R"({"items":[{"id":"a"},{"id":"b"}]})", "bad_response.connection"},
          Case{"{}", "bad_response.connection"}, Case{"7", "bad_response.connection"},
          Case{R"({"id":"a","etag":"two\nlines"})", "bad_response.connection"}}) {
        FakeTransport transport;
        FlowService service = tests::service_over(transport);
        transport.answer(200, one.body);
        EXPECT_EQ(error_of([&] { read_connection(service, "a"); }).code(), one.code) << one.body;
    }
}

TEST(TestConnection, OnlyTrueIsTrue) {
    for (const char* const body : {R"({"result":true})", R"({"result":false})"}) {
        FakeTransport transport;
        FlowService service = tests::service_over(transport);
        transport.answer(200, body);
        EXPECT_EQ(test_connection(service, "a"),
                  std::string(body).find("true") != std::string::npos);
        EXPECT_TRUE(transport.requests()[0].url.ends_with("/connections/a/test"));
    }
    for (const char* const body : {"", "true", "{}", R"({"result":"true"})", R"({"result":1})"}) {
        FakeTransport transport;
        FlowService service = tests::service_over(transport);
        transport.answer(200, body);
        EXPECT_EQ(error_of([&] { test_connection(service, "a"); }).code(), "bad_response.test");
    }
}

TEST(VisitConnections, AsksForWhatTheQuerySaysAndComparesAgain) {
    FakeTransport transport;
    FlowService service = tests::service_over(transport);
    transport.answer(200, R"({"items":[{"id":"a","state":"enabled"},{"id":"b","state":"draft"},)"
                          R"({"id":"c","state":"draft","connectionSpec":{"id":"other"}}]})");
    std::vector<std::string> ids;
    visit_connections(service,
                      {.name = std::nullopt, .state = "draft", .order_by = "-name", .page_size = 7},
                      [&ids](auto& page) {
                          for (const auto& one : page) {
                              ids.push_back(one.id);
                          }
                          return true;
                      });
    EXPECT_EQ(ids, std::vector<std::string>{"b"});
    EXPECT_TRUE(
        transport.requests()[0].url.ends_with("&property=state%3D%3Ddraft&orderby=-name&limit=7"))
        << transport.requests()[0].url;
}

TEST(VisitConnections, FalseEndsTheReading) {
    FakeTransport transport;
    FlowService service = tests::service_over(transport);
    transport.answer(200,
                     R"({"items":[{"id":"a"}],"_links":{"next":{"href":"?continuationToken=x"}}})");
    visit_connections(service, {.name = std::nullopt, .state = std::nullopt, .all_sources = true},
                      [](auto&) { return false; });
    EXPECT_TRUE(transport.requests()[0].url.ends_with("/connections"));
}

TEST(FindDependants, TheDataflowsOfTheSourceConnections) {
    FakeTransport transport;
    FlowService service = tests::service_over(transport);
    transport.answer(200, R"({"items":[{"id":"s1","name":"S"}],"_links":{"next":{"href":)"
                          R"("/sourceConnections?continuationToken=t"}}})");
    transport.answer(200, R"({"items":[{"id":"s2"}]})");
    transport.answer(200, R"({"items":[{"id":"f1","name":"F","state":"enabled"},{"id":"f1"}]})");
    const Dependants found = find_dependants(service, "a");
    EXPECT_EQ(found.source_connections.size(), 2U);
    ASSERT_EQ(found.dataflows.size(), 1U);
    EXPECT_EQ(found.dataflows[0].name, "F");
    EXPECT_NE(transport.requests()[0].url.find("baseConnectionId%3D%3Da"), std::string::npos);
    EXPECT_TRUE(transport.requests()[2].url.ends_with(
        "/flows?property=sourceConnectionIds%5B%5D%3D%3Ds1%2Cs2"))
        << transport.requests()[2].url;
}

TEST(FindDependants, ManySourceConnectionsAreAskedForInParts) {
    FakeTransport transport;
    FlowService service = tests::service_over(transport);
    std::string items;
    for (int i = 0; i < 90; ++i) {
        items += (i == 0 ? "" : ",") + std::string(R"({"id":"s)") + std::to_string(i) + "\"}";
    }
    transport.answer(200, R"({"items":[)" + items + "]}");
    transport.answer(200, R"({"items":[{"id":"f1"}]})");
    transport.answer(200, R"({"items":[{"id":"f1"},{"id":"f2"}]})");
    transport.answer(200, R"({"items":[]})");
    EXPECT_EQ(find_dependants(service, "a").dataflows.size(), 2U);
}

TEST(FindDependants, NoSourceConnectionNoQuestionForDataflows) {
    FakeTransport transport;
    FlowService service = tests::service_over(transport);
    transport.answer(200, R"({"items":[]})");
    EXPECT_TRUE(find_dependants(service, "a").dataflows.empty());
}

}  // namespace
}  // namespace bqconn::flow
