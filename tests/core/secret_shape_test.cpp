#include "bqconn/core/secret_shape.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/test_keys.hpp"

namespace bqconn {
namespace {

using Shape = SecretShape;

// Looks random, but is the same in every run.
const std::string word = "Xk3j29DkslA8wQz7";
const std::string web_token = "eyJhbGciOiJSUzI1NiJ9." + word + "." + word;

struct Row {
    std::string text;
    std::optional<Shape> shape;
};

TEST(SecretShape, OfEachKind) {
    const std::string key = tests::service_account_text();
    const std::string line = key.substr(key.find("KEY-----\\n") + 76, 64);
    const std::vector<Row> rows{
        {key, Shape::json},
        {"\xef\xbb\xbf" + key, Shape::json},
        {R"("{\"type\":\"authorized_user\"}")", Shape::json},
        {R"(  "private_key_id": "0123",)", Shape::json},
        {tests::rsa_key_pem(), Shape::pem},
        {"-----END PRIVATE KEY-----", Shape::pem},
        {line, Shape::base64},
        {"ewogICJ0eXBlIjogInNlcnZpY2VfYWNjb3VudCIsCiAgInByb2plY3RfaWQiOiAieCIK",
         Shape::encoded_key},
        {"BQCONN_PROJECT=x", Shape::assignment},
        {"export refresh_token=x", Shape::assignment},
        {"p8e-" + word, Shape::adobe_client_secret},
        {"GOCSPX-" + word, Shape::google_client_secret},
        {"1//0g" + word, Shape::google_refresh_token},
        {"Token:1//0g" + word, Shape::google_refresh_token},
        {"ya29." + word, Shape::google_access_token},
        {"Bearer " + web_token, Shape::access_token},
        // Ordinary values.
        {"", {}},
        {"Google BigQuery my-project-123", {}},
        {"[EU] Sales: {daily}", {}},
        {"A=B", {}},
        {"key=", {}},
        {"0123456789abcdef0123456789abcdef", {}},
        {"f5f25171-b632-495b-8e5f-ea50cf5c1f07", {}},
        {"sop8e-xxxxxxxxxxxx", {}},
        {"/home/Alice/projects/Warehouse2024/keys/production.json", {}},
        {"https://platform.adobe.io/1//2", {}},
        {"openid,session,AdobeID,read_organizations,additional_info.projectedProductContext", {}},
        {"764086051850-6qr4p6gpi6hn506pt8ejuq83di341hur.apps.googleusercontent.com", {}},
        {std::string(100'000, 'a'), {}},
    };
    for (const auto& [text, shape] : rows) {
        EXPECT_EQ(secret_shape(text), shape) << text.substr(0, 80);
        EXPECT_EQ(shape && is_plainly_a_path(text), false) << text.substr(0, 80);
    }
}

TEST(SecretShape, PlainPaths) {
    for (const std::string path :
         {"key.json", "/run/secrets/0123456789abcdef0123456789abcdef", "./Xk3j29DkslA8wQz7",
          "~/.config/key.json", "secrets/key", "key", "service-account-key", "key 1.json",
          "C:\\keys\\a.json", "/dev/fd/63", "schlüssel.json"}) {
        EXPECT_TRUE(is_plainly_a_path(path)) << path;
    }
    for (const std::string& text :
         {word, "a" + word + "/" + word + "+b", std::string("a\nb"), "/" + std::string(256, 'a'),
          std::string("DB_PASS=x"), "/tmp/p8e-" + word, std::string("Basic abc"),
          std::string("ab/cd+ef"), std::string(32, 'q')}) {
        EXPECT_FALSE(is_plainly_a_path(text)) << text;
    }
}

TEST(SecretShape, PlainNames) {
    EXPECT_TRUE(is_plainly_a_name("prod-2"));
    EXPECT_TRUE(is_plainly_a_name("Sales of the year 2024"));
    EXPECT_FALSE(is_plainly_a_name(word));
    EXPECT_FALSE(is_plainly_a_name("0123456789abcdef0123456789abcdef"));
}

}  // namespace
}  // namespace bqconn
