// The real program, and the files that it writes.
#include "bqconn/emulator/given_files.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <ctime>
#include <fstream>
#include <iterator>

#include "bqconn/crypto/jwt.hpp"
#include "emulator/certificate.hpp"
#include "emulator/given_settings.hpp"

namespace bqconn::emulator {
namespace {

Json document_in(const std::string& path) {
    struct stat status {};
    EXPECT_EQ(stat(path.c_str(), &status), 0) << path;
    EXPECT_EQ(status.st_mode & 07777U, 0600U);
    std::ifstream file(path);
    return json::parse(std::string(std::istreambuf_iterator<char>(file), {}));
}

Reply post_form(const std::string& url, const std::string& body) {
    return send(port_of(url.substr(0, url.rfind('/'))), "POST", "/token",
                {{"Content-Type", "application/x-www-form-urlencoded"}}, body);
}

class GivenFiles : public testing::Test {
  protected:
    GivenFiles()
        : program_(exec_with({"--google-key", folder_.file("key"), "--google-client",
                              folder_.file("client"), "--adobe-credentials", folder_.file("adobe")},
                             {"sh", "-c", "env; echo END; cat"}),
                   {"BQCONN_PROJECT=mine-123"}),
          settings_(variables_of(program_.read_until("END\n"))) {}

    const TemporaryFolder folder_;
    Program program_;
    const Variables settings_;
};

TEST_F(GivenFiles, ServiceAccountKeyThatWorks) {
    const Json key = document_in(folder_.file("key"));
    EXPECT_EQ(key.at("type"), "service_account");
    EXPECT_EQ(key.at("project_id"), "emulated-project");
    const std::string token_uri = key.at("token_uri");
    EXPECT_EQ(token_uri, settings_.at("BQCONN_GOOGLE_TOKEN_URL") + "/token");
    const std::int64_t now = std::time(nullptr);
    const Json claims = {{"iss", key.at("client_email")},
                         {"scope", "https://www.googleapis.com/auth/bigquery"},
                         {"aud", token_uri},
                         {"iat", now},
                         {"exp", now + 600}};
    const Secret assertion = crypto::sign_rs256(claims.dump(), Secret(key.at("private_key")),
                                                key.at("private_key_id").get<std::string>());
    const Reply reply = post_form(
        token_uri, "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=" +
                       assertion.reveal());
    ASSERT_EQ(reply.status, 200) << reply.body;
    // BigQuery has the project that the user has set.
    for (const auto& [project, status] :
         {std::pair{"emulated-project", 200}, {"mine-123", 200}, {"other", 404}}) {
        EXPECT_EQ(send(port_of(settings_.at("BQCONN_BIGQUERY_URL")), "GET",
                       std::string("/bigquery/v2/projects/") + project + "/datasets",
                       {{"Authorization",
                         "Bearer " + reply.json().at("access_token").get<std::string>()}})
                      .status,
                  status);
    }
}

TEST_F(GivenFiles, OAuthClientThatWorks) {
    const Json client = document_in(folder_.file("client")).at("installed");
    EXPECT_EQ(client.at("client_id"), settings_.at("BQCONN_CLIENT_ID"));
    const Reply reply = post_form(
        client.at("token_uri"),
        "grant_type=refresh_token&client_id=" + client.at("client_id").get<std::string>() +
            "&client_secret=" + client.at("client_secret").get<std::string>() +
            "&refresh_token=" + settings_.at("BQCONN_REFRESH_TOKEN"));
    EXPECT_EQ(reply.status, 200) << reply.body;
}

TEST_F(GivenFiles, AdobeCredentials) {
    const Json adobe = document_in(folder_.file("adobe"));
    EXPECT_EQ(adobe.at("org_id"), settings_.at("BQCONN_ORG_ID"));
    EXPECT_EQ(adobe.at("client_id"), settings_.at("BQCONN_API_KEY"));
    EXPECT_EQ(adobe.at("secret"), settings_.at("BQCONN_API_SECRET"));
    EXPECT_EQ(adobe.at("sandbox-name"), "dev");
}

}  // namespace
}  // namespace bqconn::emulator
