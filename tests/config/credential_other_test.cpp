#include "bqconn/config/credential_file.hpp"

#include <gtest/gtest.h>

#include "bqconn/crypto/encoding.hpp"
#include "config/credential_samples.hpp"
#include "support/expect_error.hpp"
#include "support/test_keys.hpp"

namespace bqconn::config {
namespace {

using namespace samples;

// Unusable files, and files given by mistake.

// ---- unusable files

TEST(CredentialFile, SeveralCredentialsOfTheDeveloperConsole) {
    json document = json::parse(console_text);
    auto& all = document["project"]["workspace"]["details"]["credentials"];
    all.push_back(all[0]);
    all.push_back(all[0]);
    expect_refusal(
        document.dump(),
        "project.workspace.details.credentials: has 3 OAuth Server-to-Server credentials",
        "--api-key and --api-secret");
    all = json::array({{{"id", "1"}, {"api_key", {{"client_id", "x"}}}}});
    expect_refusal(
        document.dump(),
        "project.workspace.details.credentials: has no OAuth Server-to-Server credential",
        "add one");
}

TEST(CredentialFile, JwtCredentialsAreDead) {
    json console = json::parse(console_text);
    auto& all = console["project"]["workspace"]["details"]["credentials"];
    all.push_back({{"id", "5"}, {"jwt", {{"client_id", "x"}}}});
    EXPECT_EQ(adobe(console.dump()).api_key, "made-up-api-key") << "the other one is enough";
    all.erase(0);
    expect_refusal(console.dump(),
                   "project.workspace.details.credentials: has only a JWT credential",
                   "OAuth Server-to-Server");
    json aepp = json::parse(aepp_text);
    aepp.erase("scopes");
    aepp["tech_id"] = "x@techacct.adobe.com";
    aepp["pathToKey"] = "private.key";
    expect_refusal(aepp.dump(), "pathToKey: belongs to a JWT credential", "OAuth Server-to-Server");
    json postman = json::parse(postman_text);
    postman["values"][2] = {{"key", "PRIVATE_KEY"}, {"value", canary}};
    EXPECT_FALSE(adobe(postman.dump()).access_token.empty()) << "the token may still be valid";
    postman["values"][3]["value"] = "";
    expect_refusal(postman.dump(), "values: belong to a JWT credential", "OAuth Server-to-Server");
}

TEST(CredentialFile, OthersThatAdobeCannotUse) {
    json aepp = json::parse(aepp_text);
    aepp.erase("scopes");
    aepp["auth_code"] = canary;
    EXPECT_NE(refusal_of(aepp.dump()).message().find("auth_code"), std::string::npos);
    for (const std::string type : {"external_account", "external_account_authorized_user",
                                   "impersonated_service_account", "gdch_service_account"}) {
        const Error error = refusal_of(json{{"type", type}, {"refresh_token", canary}}.dump());
        EXPECT_NE(error.message().find(type), std::string::npos) << error.message();
        EXPECT_NE(error.hint().find("Adobe cannot use it"), std::string::npos);
    }
}

TEST(CredentialFile, PostmanWithAVariableTwice) {
    json document = json::parse(postman_text);
    document["values"].push_back({{"key", "API_KEY"}, {"value", "other"}});
    expect_refusal(document.dump(), "values[7].key: API_KEY is set twice, both enabled",
                   "disable or remove");
    document["values"] = json::array({{{"key", "url"}, {"value", "x"}}});
    expect_refusal(document.dump(), "values: has none of Adobe's variables", "API_KEY");
}

// ---- the hint that names the file's kind

void expect_instead(const std::string& text, const std::string& what, const std::string& hint) {
    const Error error = refusal_of(text);
    EXPECT_NE(error.message().find(what), std::string::npos) << error.message();
    EXPECT_NE(error.hint().find(hint), std::string::npos) << error.hint();
    // The same for --key-file.
    const Error key = tests::error_of([&] { parse_service_account_key(text, "c.json"); });
    EXPECT_EQ(key.message(), error.message());
    EXPECT_EQ(key.hint(), error.hint());
}

TEST(CredentialFile, WhatATextIsInstead) {
    expect_instead("", "empty", "");
    expect_instead(" \n", "empty", "");
    expect_instead("\x30\x82\x09\x51qvxzjkwpyq", ".p12", "JSON key");
    expect_instead("PK\x03\x04qvxzjkwpyq", "ZIP", "unpack");
    expect_instead("\xff\xfe{", "UTF-16", "UTF-8");
    expect_instead(tests::rsa_key_pem(), "PEM", "whole JSON file");
    expect_instead("\n<!DOCTYPE html><html>qvxzjkwpyq", "web page", "again");
    expect_instead(crypto::base64(tests::service_account_text()) + "\n", "Base64", "base64 -d");
    expect_instead(crypto::base64(authorized_user_text), "Base64", "base64 -d");
    expect_instead("# mine\nexport BQCONN_API_SECRET=qvxzjkwpyq\n", "dotenv", "--env-file");
    expect_instead("qvxzjkwpyq\n", "a single word", "@FILE");
    expect_instead("eyJ0eXAi.qvxzjkwpyq.x", "a single word", "@FILE");
}

TEST(CredentialFile, WhatJsonIsInstead) {
    expect_instead(json(authorized_user_text).dump(), "encoded twice", "downloaded");
    expect_instead("[]", "not an object", "");
    expect_instead("5", "not an object", "");
    expect_instead(R"({"info": {}, "item": []})", "Postman collection", "environment");
    expect_instead(R"({"access_token": "qvxzjkwpyq", "expires_in": 1})", "token response",
                   "--access-token");
    expect_instead(without(tests::service_account_text(), "", "type"), "\"type\"", "downloaded");
    expect_instead("{}", "not a supported credential file", "aepp config");
    expect_instead(R"({"qvxzjkwpyq": 1, "project": "x"})", "not a supported credential file",
                   "Postman");
}

TEST(CredentialFile, BrokenJsonIsNamedByItsPlace) {
    EXPECT_EQ(refusal_of("{\n  \"client_secret\": qvxzjkwpyq\n}").message(),
              "c.json:2:20: is not valid JSON");
    expect_refusal(R"({"type": "qvxzjkwpyq", "type": "authorized_user"})",
                   "has a duplicate key in one object");
    expect_refusal(std::string(100, '[') + std::string(100, ']'),
                   "is nested more than 64 levels deep");
    EXPECT_NE(refusal_of("{\"a\": \"qvxzjkwpyq\xff\"}").message().find("not valid JSON"),
              std::string::npos);
}

TEST(CredentialFile, AKeyFileThatIsAnotherCredentialFile) {
    const std::pair<std::string, std::string> others[] = {
        {authorized_user_text, "a Google authorized_user file"},
        {oauth_client_text, "a Google OAuth client"},
        {aepp_text, "an aepp config"},
        {postman_text, "a Postman environment"},
        {console_text, "an Adobe Developer Console download"}};
    for (const auto& [text, what] : others) {
        const Error error =
            tests::error_of([&text = text] { parse_service_account_key(text, "c.json"); });
        EXPECT_EQ(error.code(), "config.credentials");
        EXPECT_EQ(error.message(), "c.json: is " + what + ", not a service-account key");
        EXPECT_NE(error.hint().find("--credentials"), std::string::npos);
    }
}

TEST(CredentialFile, AFileNameIsShownInert) {
    const Error error = tests::error_of([] { recognise_credentials("{}", "a\x1b\nb"); });
    EXPECT_TRUE(error.message().starts_with("a\xef\xbf\xbd b: ")) << error.message();
}

}  // namespace
}  // namespace bqconn::config
