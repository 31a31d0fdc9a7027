#include "bqconn/config/credential_file.hpp"

#include <gtest/gtest.h>

#include "config/credential_samples.hpp"
#include "support/expect_error.hpp"
#include "support/test_keys.hpp"

namespace bqconn::config {
namespace {

using namespace samples;

// ---- the formats

TEST(CredentialFile, ServiceAccountKey) {
    const std::string text = tests::service_account_text();
    const auto file = recognise_credentials(text, "c.json");
    const auto& key = std::get<ServiceAccountKey>(file);
    EXPECT_EQ(key.text.reveal(), text);
    EXPECT_EQ(key.project_id, "demo-project");
    EXPECT_EQ(key.client_email, "reader@demo-project.iam.gserviceaccount.com");
    EXPECT_EQ(key.token_uri, "https://oauth2.googleapis.com/token");
    EXPECT_EQ(key.private_key.reveal(), tests::rsa_key_pem());
    EXPECT_EQ(describe(file), "a Google service-account key");
    EXPECT_EQ(parse_service_account_key(text, "c.json").text.reveal(), text);
}

TEST(CredentialFile, ServiceAccountKeyWithTheLeastItNeeds) {
    const auto whole = tests::service_account();
    const json least = {{"type", whole["type"]},
                        {"private_key", whole["private_key"]},
                        {"client_email", whole["client_email"]}};
    const auto key = parse_service_account_key(least.dump(), "c.json");
    EXPECT_EQ(key.project_id, "");
    EXPECT_EQ(key.token_uri, "https://oauth2.googleapis.com/token");
}

TEST(CredentialFile, AByteOrderMarkDoesNotReachAdobe) {
    const auto key =
        parse_service_account_key("\xef\xbb\xbf" + tests::service_account_text(), "c.json");
    EXPECT_EQ(key.text.reveal(), tests::service_account_text());
}

TEST(CredentialFile, AuthorizedUser) {
    const auto file = recognise_credentials(authorized_user_text, "c.json");
    const auto& user = std::get<AuthorizedUser>(file);
    EXPECT_EQ(user.client_id, "client.apps.googleusercontent.com");
    EXPECT_EQ(user.client_secret.reveal(), "s-" + canary);
    EXPECT_EQ(user.refresh_token.reveal(), "r-" + canary);
    EXPECT_EQ(describe(file), "a Google authorized_user file");
}

TEST(CredentialFile, OAuthClient) {
    for (const std::string kind : {"installed", "web"}) {
        const json document = {{kind, json::parse(oauth_client_text)["installed"]}};
        const auto file = recognise_credentials(document.dump(), "c.json");
        const auto& client = std::get<OAuthClient>(file);
        EXPECT_EQ(client.client_id, "client.apps.googleusercontent.com");
        EXPECT_EQ(client.client_secret.reveal(), "s-" + canary);
        EXPECT_EQ(describe(file), "a Google OAuth client");
    }
}

TEST(CredentialFile, Aepp) {
    const auto given = adobe(aepp_text);
    EXPECT_EQ(given.kind, "aepp config");
    EXPECT_EQ(given.api_key, "made-up-api-key");
    EXPECT_EQ(given.api_secret.reveal(), "s-" + canary);
    EXPECT_TRUE(given.access_token.empty());
    EXPECT_EQ(given.scopes, "openid,session,AdobeID");
    EXPECT_EQ(given.org_id, "ABCDEF@AdobeOrg");
    EXPECT_EQ(given.sandbox_name, "dev");
    EXPECT_EQ(given.environment, "prod");
    EXPECT_EQ(describe(given), "an aepp config");
}

TEST(CredentialFile, AeppScopesAsAList) {
    EXPECT_EQ(adobe(with(aepp_text, "/scopes", {"openid", " session "})).scopes, "openid,session");
    EXPECT_EQ(adobe(with(aepp_text, "/scopes", json::array())).scopes, "");
    EXPECT_EQ(adobe(with(aepp_text, "/scopes", "openid session, ,x")).scopes, "openid,session,x");
    expect_refusal(with(aepp_text, "/scopes", 1), "scopes: must be a string");
    expect_refusal(with(aepp_text, "/scopes", {"a", 1}), "scopes: must be a list of strings");
}

TEST(CredentialFile, AeppOldNameOfTheApiKey) {
    json document = json::parse(aepp_text);
    document["api_key"] = "older";
    document.erase("client_id");
    EXPECT_EQ(adobe(document.dump()).api_key, "older");
}

TEST(CredentialFile, Postman) {
    const auto given = adobe(postman_text);
    EXPECT_EQ(given.kind, "Postman environment");
    EXPECT_EQ(given.api_key, "made-up-api-key");
    EXPECT_EQ(given.api_secret.reveal(), "s-" + canary);
    EXPECT_EQ(given.access_token.reveal(), "t-" + canary);
    EXPECT_EQ(given.scopes, "openid,session");
    EXPECT_EQ(given.org_id, "ABCDEF@AdobeOrg");
    EXPECT_EQ(given.sandbox_name, "dev");
    EXPECT_EQ(describe(given), "a Postman environment");
}

TEST(CredentialFile, PostmanSkipsWhatIsDisabledAndWhatItDoesNotKnow) {
    const auto given = adobe(with(postman_text, "/values/3/enabled", false));
    EXPECT_TRUE(given.access_token.empty());
    json document = json::parse(postman_text);
    document["values"].push_back({{"key", "META_SCOPE"}, {"value", {"x"}}});
    document["values"].push_back({{"key", "API_KEY"}, {"value", "other"}, {"enabled", false}});
    EXPECT_EQ(adobe(document.dump()).api_key, "made-up-api-key");
}

TEST(CredentialFile, DeveloperConsole) {
    const auto given = adobe(console_text);
    EXPECT_EQ(given.kind, "Adobe Developer Console download");
    EXPECT_EQ(given.api_key, "made-up-api-key");
    EXPECT_EQ(given.api_secret.reveal(), "s-" + canary) << "the first of several";
    EXPECT_EQ(given.scopes, "openid,AdobeID,session");
    EXPECT_EQ(given.org_id, "ABCDEF@AdobeOrg");
    EXPECT_EQ(given.sandbox_name, "");
    EXPECT_EQ(describe(given), "an Adobe Developer Console download");
}

TEST(CredentialFile, DeveloperConsoleWithoutSecretOrOrganisation) {
    const std::string credential =
        "/project/workspace/details/credentials/0/oauth_server_to_server";
    EXPECT_TRUE(adobe(with(console_text, credential + "/client_secrets", json::array()))
                    .api_secret.empty());
    EXPECT_EQ(adobe(without(console_text, "/project", "org")).org_id, "");
    EXPECT_EQ(adobe(without(console_text, credential, "scopes")).scopes, "");
}

// ---- unfilled placeholders

TEST(CredentialFile, PlaceholdersAreNotGiven) {
    for (const std::string value : {"", " ", "<client_id>", "{{API_KEY}}", "{API_KEY}"}) {
        EXPECT_EQ(adobe(with(aepp_text, "/client_id", value)).api_key, "") << value;
        EXPECT_EQ(adobe(with(postman_text, "/values/1/value", value)).api_key, "") << value;
    }
    EXPECT_EQ(adobe(with(aepp_text, "/client_id", nullptr)).api_key, "");
}

TEST(CredentialFile, ATemplateThatNobodyFilledIn) {
    const json aepp = {{"org_id", "<orgID>"},      {"client_id", "<client_id>"},
                       {"secret", "<YourSecret>"}, {"sandbox-name", "prod"},
                       {"environment", "prod"},    {"scopes", "<scopes>"}};
    expect_refusal(aepp.dump(), "this aepp config contains no credentials", "fill it in");
    json postman = json::parse(postman_text);
    for (auto& variable : postman["values"]) {
        variable["value"] = "";
    }
    expect_refusal(postman.dump(), "this Postman environment contains no credentials",
                   "fill it in");
}

TEST(CredentialFile, GooglesFilesMustBeWhole) {
    for (const std::string key : {"client_id", "client_secret", "refresh_token"}) {
        expect_refusal(without(authorized_user_text, "", key), key + ": is missing", "downloaded");
        expect_refusal(with(authorized_user_text, "/" + key, "<x>"),
                       key + ": is empty or a placeholder");
        expect_refusal(with(authorized_user_text, "/" + key, 1), key + ": must be a string");
    }
    for (const std::string key : {"client_id", "client_secret"}) {
        expect_refusal(without(oauth_client_text, "/installed", key),
                       "installed." + key + ": is missing");
        expect_refusal(with(oauth_client_text, "/installed/" + key, json::array()),
                       "installed." + key + ": must be a string");
    }
    for (const std::string key : {"client_email", "private_key"}) {
        expect_refusal(without(tests::service_account_text(), "", key), key + ": is missing");
        expect_refusal(with(tests::service_account_text(), "/" + key, true),
                       key + ": must be a string");
    }
    expect_refusal(with(tests::service_account_text(), "/project_id", 5),
                   "project_id: must be a string");
    expect_refusal(with(tests::service_account_text(), "/token_uri", 5),
                   "token_uri: must be a string");
    expect_refusal(R"({"installed": []})", "installed: must be an object");
    expect_refusal(R"({"installed": {}, "web": {}})",
                   "web: is present as well as \"installed\": the file has two OAuth clients");
}

TEST(CredentialFile, AdobesFilesWithWrongTypes) {
    expect_refusal(with(aepp_text, "/secret", 5), "secret: must be a string");
    expect_refusal(with(aepp_text, "/org_id", json::object()), "org_id: must be a string");
    expect_refusal(with(postman_text, "/values", 5), "values: must be a list");
    expect_refusal(with(postman_text, "/values/0", 5), "values[0]: must be an object");
    expect_refusal(with(postman_text, "/values/0/key", 5), "values[0].key: must be a string");
    expect_refusal(with(postman_text, "/values/0/value", 5), "values[0].value: must be a string");
    expect_refusal(with(postman_text, "/values/0/enabled", "yes"),
                   "values[0].enabled: must be true or false");
    const std::string details = "/project/workspace/details";
    expect_refusal(without(console_text, "/project", "workspace"), "project.workspace: is missing");
    expect_refusal(with(console_text, details, 5), "project.workspace.details: must be an object");
    expect_refusal(without(console_text, details, "credentials"),
                   "project.workspace.details.credentials: is missing");
    const std::string credential = details + "/credentials/0/oauth_server_to_server";
    const std::string shown = "project.workspace.details.credentials[0].oauth_server_to_server";
    expect_refusal(with(console_text, credential, "x"), shown + ": must be an object");
    expect_refusal(with(console_text, credential + "/client_secrets", "x"),
                   shown + ".client_secrets: must be a list");
    expect_refusal(with(console_text, credential + "/client_secrets", {{{"secret", "x"}}}),
                   shown + ".client_secrets: must be a list of strings");
}

}  // namespace
}  // namespace bqconn::config
