#include "bqconn/flow/wire.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "support/samples.hpp"

namespace bqconn::flow {
namespace {

using config::Setting;
using connection::BaseConnection;
using json::Json;

Json golden(const std::string& name) {
    std::ifstream file(std::string(BQCONN_TESTS_FOLDER) + "/golden/" + name);
    EXPECT_TRUE(file) << name;
    return Json::parse(file);
}

std::string reveal(std::string_view, const Secret& secret) {
    return secret.reveal();
}

TEST(CreateBody, BasicAuthentication) {
    EXPECT_EQ(to_json(tests::basic_connection(), reveal), golden("basic.json"));
}

TEST(CreateBody, LargeResultsDataset) {
    const BaseConnection connection{
        "Google BigQuery my-project-123", std::nullopt,
        tests::auth_with({{Setting::client_id, "client.apps.googleusercontent.com"},
                          {Setting::client_secret, "made-up client secret"},
                          {Setting::refresh_token, "made-up refresh token"},
                          {Setting::large_results_dataset, "tmp_results"}})};
    EXPECT_EQ(to_json(connection, reveal), golden("basic-large-results.json"));
}

TEST(CreateBody, ServiceAuthentication) {
    const BaseConnection connection{
        "Warehouse", std::nullopt,
        tests::auth_with(
            {{Setting::key_file, "key.json"}, {Setting::large_results_dataset, "tmp_results"}})};
    EXPECT_EQ(to_json(connection, reveal), golden("service.json"));
}

TEST(CreateBody, ServiceAuthenticationOnAws) {
    const BaseConnection connection{
        "Warehouse", std::nullopt,
        tests::auth_with({{Setting::key_file, "key.json"}, {Setting::dataset, "sales"}})};
    EXPECT_EQ(to_json(connection, reveal), golden("service-aws.json"));
}

TEST(CreateBody, EverySecretGoesThroughTheWriter) {
    const auto redact = [](std::string_view parameter, const Secret&) {
        return "<" + std::string(parameter) + ">";
    };
    const Json params = to_json(tests::basic_connection(), redact).at("auth").at("params");
    EXPECT_EQ(params.at("clientSecret"), "<clientSecret>");
    EXPECT_EQ(params.at("refreshToken"), "<refreshToken>");
}

TEST(CreateBody, AsItIsSent) {
    EXPECT_EQ(Json::parse(create_body(tests::basic_connection()).reveal()), golden("basic.json"));
}

http::Response created(const std::string& body) {
    return {201, {}, body};
}

TEST(ReadStored, IdAndEtagByteForByte) {
    const Stored stored = read_stored(created(tests::created_body));
    EXPECT_EQ(stored.id, "6990abad-977d-41b9-a85d-17ea8cf1c0e4");
    EXPECT_EQ(stored.etag, "\"ca00acbf-0000-0200-0000-60149e1e0000\"");
}

TEST(ReadStored, MoreKeysAreIgnored) {
    EXPECT_EQ(read_stored(created(R"({"id":"a","etag":"b","x":[{}]})")).id, "a");
}

TEST(ReadStored, WhatCannotBeUsedIsRefused) {
    for (const std::string body :
         {"", "null", "[]", "{}", R"({"id":"a"})", R"({"etag":"b"})", R"({"id":1,"etag":"b"})",
          R"({"id":"a","etag":1})", R"({"id":"","etag":"b"})", R"({"id":"a","etag":""})",
          R"({"id":"a/../b","etag":"c"})", R"({"id":"a b","etag":"c"})",
          R"({"id":"a","etag":"b\nc"})", R"({"id":"a","etag":"b"} x)", "<html>"}) {
        EXPECT_THROW(read_stored(created(body)), std::runtime_error) << body;
    }
}

TEST(ReadStored, EveryTruncationIsRefused) {
    const std::string whole = tests::created_body;
    for (std::size_t length = 0; length < whole.size(); ++length) {
        EXPECT_THROW(read_stored(created(whole.substr(0, length))), std::runtime_error) << length;
    }
}

TEST(ConnectionId, Grammar) {
    EXPECT_TRUE(is_connection_id("6990abad-977d-41b9-a85d-17ea8cf1c0e4"));
    EXPECT_TRUE(is_connection_id("A_1"));
    for (const std::string& id :
         {std::string(), std::string("a/b"), std::string(".."), std::string("a%2fb"),
          std::string("a b"), std::string("a\n"), std::string(129, 'a')}) {
        EXPECT_FALSE(is_connection_id(id)) << id;
    }
}

}  // namespace
}  // namespace bqconn::flow
