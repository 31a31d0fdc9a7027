#include "bqconn/config/credential_file.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "bqconn/crypto/encoding.hpp"
#include "support/expect_error.hpp"
#include "support/test_keys.hpp"

namespace bqconn::config {
namespace {

using nlohmann::json;

// Used as every secret in the samples.
const std::string canary = "qvxzjkwpyq";

const std::string authorized_user_text = R"({
  "type": "authorized_user",
  "client_id": "client.apps.googleusercontent.com",
  "client_secret": "s-qvxzjkwpyq",
  "refresh_token": "r-qvxzjkwpyq",
  "quota_project_id": "demo-project"
}
)";

const std::string oauth_client_text =
    R"({"installed":{"client_id":"client.apps.googleusercontent.com","project_id":"demo-project",)"
    R"("client_secret":"s-qvxzjkwpyq","redirect_uris":["http://localhost"]}})";

const std::string aepp_text = R"({
    "org_id": "ABCDEF@AdobeOrg",
    "client_id": "made-up-api-key",
    "secret": "s-qvxzjkwpyq",
    "sandbox-name": "dev",
    "environment": "prod",
    "scopes": "openid, session,AdobeID"
})";

const std::string postman_text = R"({
    "name": "OAuth Server-to-Server",
    "values": [
        {"key": "CLIENT_SECRET", "value": "s-qvxzjkwpyq", "enabled": true, "type": "secret"},
        {"key": "API_KEY", "value": "made-up-api-key", "enabled": true},
        {"key": "SCOPES", "value": "openid,session"},
        {"key": "ACCESS_TOKEN", "value": "t-qvxzjkwpyq"},
        {"key": "IMS", "value": "ims-na1.adobelogin.com", "enabled": true},
        {"key": "IMS_ORG", "value": "ABCDEF@AdobeOrg", "enabled": true},
        {"key": "SANDBOX_NAME", "value": "dev", "enabled": true}
    ]
})";

const std::string console_text = R"({"project": {
    "id": "1", "name": "Demo", "org": {"id": "2", "ims_org_id": "ABCDEF@AdobeOrg"},
    "workspace": {"id": "3", "details": {"credentials": [{
        "id": "4", "name": "Credential in Demo", "integration_type": "oauth_server_to_server",
        "oauth_server_to_server": {
            "client_id": "made-up-api-key",
            "client_secrets": ["s-qvxzjkwpyq", "second-qvxzjkwpyq"],
            "scopes": ["openid", "AdobeID", "session"]
        }}], "services": []}}}})";

// `text` with the member at `pointer` replaced.
std::string with(const std::string& text, const std::string& pointer, const json& value) {
    json document = json::parse(text);
    document[json::json_pointer(pointer)] = value;
    return document.dump(1);
}

std::string without(const std::string& text, const std::string& parent, const std::string& key) {
    json document = json::parse(text);
    document[json::json_pointer(parent)].erase(key);
    return document.dump(1);
}

Error refusal_of(const std::string& text) {
    const Error error = tests::error_of([&] { recognise_credentials(text, "c.json"); });
    EXPECT_EQ(error.exit_code(), ExitCode::config);
    EXPECT_EQ(error.code(), "config.credentials");
    EXPECT_TRUE(error.message().starts_with("c.json:")) << error.message();
    EXPECT_FALSE(tests::leaks(tests::all_of(error), canary)) << tests::all_of(error);
    return error;
}

void expect_refusal(const std::string& text, const std::string& message,
                    const std::string& hint = "") {
    const Error error = refusal_of(text);
    EXPECT_EQ(error.message(), "c.json: " + message);
    EXPECT_NE(error.hint().find(hint), std::string::npos) << error.hint();
}

struct AdobeFile {
    std::string description;
    std::string api_key;
    std::string api_secret;
    std::string access_token;
    std::string scopes;
    std::string org_id;
    std::string sandbox_name;
};

std::string value_in(const CredentialFile& file, Setting setting) {
    const auto found = file.values.find(setting);
    return found == file.values.end() ? "" : found->second.reveal();
}

AdobeFile adobe(const std::string& text) {
    const CredentialFile file = recognise_credentials(text, "c.json");
    return {.description = file.description,
            .api_key = value_in(file, Setting::api_key),
            .api_secret = value_in(file, Setting::api_secret),
            .access_token = value_in(file, Setting::access_token),
            .scopes = value_in(file, Setting::scopes),
            .org_id = value_in(file, Setting::org_id),
            .sandbox_name = value_in(file, Setting::sandbox_name)};
}

// ---- the formats

TEST(CredentialFile, ServiceAccountKey) {
    const std::string text = tests::service_account_text();
    const auto file = recognise_credentials(text, "c.json");
    ASSERT_TRUE(file.key);
    const ServiceAccountKey& key = *file.key;
    EXPECT_EQ(key.text.reveal(), text);
    EXPECT_EQ(key.project_id, "demo-project");
    EXPECT_EQ(key.client_email, "reader@demo-project.iam.gserviceaccount.com");
    EXPECT_EQ(key.token_uri, "https://oauth2.googleapis.com/token");
    EXPECT_EQ(key.private_key.reveal(), tests::rsa_key_pem());
    EXPECT_EQ(file.description, "a Google service-account key");
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
    EXPECT_EQ(value_in(file, Setting::client_id), "client.apps.googleusercontent.com");
    EXPECT_EQ(value_in(file, Setting::client_secret), "s-" + canary);
    EXPECT_EQ(value_in(file, Setting::refresh_token), "r-" + canary);
    EXPECT_EQ(file.description, "a Google authorized_user file");
}

TEST(CredentialFile, OAuthClient) {
    for (const std::string kind : {"installed", "web"}) {
        const json document = {{kind, json::parse(oauth_client_text)["installed"]}};
        const auto file = recognise_credentials(document.dump(), "c.json");
        EXPECT_EQ(value_in(file, Setting::client_id), "client.apps.googleusercontent.com");
        EXPECT_EQ(value_in(file, Setting::client_secret), "s-" + canary);
        EXPECT_EQ(file.description, "a Google OAuth client");
    }
}

TEST(CredentialFile, Aepp) {
    const auto given = adobe(aepp_text);
    EXPECT_EQ(given.api_key, "made-up-api-key");
    EXPECT_EQ(given.api_secret, "s-" + canary);
    EXPECT_TRUE(given.access_token.empty());
    EXPECT_EQ(given.scopes, "openid,session,AdobeID");
    EXPECT_EQ(given.org_id, "ABCDEF@AdobeOrg");
    EXPECT_EQ(given.sandbox_name, "dev");
    EXPECT_EQ(given.description, "an aepp config");
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
    EXPECT_EQ(given.api_key, "made-up-api-key");
    EXPECT_EQ(given.api_secret, "s-" + canary);
    EXPECT_EQ(given.access_token, "t-" + canary);
    EXPECT_EQ(given.scopes, "openid,session");
    EXPECT_EQ(given.org_id, "ABCDEF@AdobeOrg");
    EXPECT_EQ(given.sandbox_name, "dev");
    EXPECT_EQ(given.description, "a Postman environment");
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
    EXPECT_EQ(given.api_key, "made-up-api-key");
    EXPECT_EQ(given.api_secret, "s-" + canary) << "the first of several";
    EXPECT_EQ(given.scopes, "openid,AdobeID,session");
    EXPECT_EQ(given.org_id, "ABCDEF@AdobeOrg");
    EXPECT_EQ(given.sandbox_name, "");
    EXPECT_EQ(given.description, "an Adobe Developer Console download");
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

// sh's echo decodes \n; text that is pasted into a command loses its quotes.
TEST(CredentialFile, AKeyThatAShellBroke) {
    std::string decoded = tests::service_account_text();
    for (auto at = decoded.find("\\n"); at != std::string::npos; at = decoded.find("\\n", at)) {
        decoded.replace(at, 2, "\n");
    }
    expect_refusal(decoded,
                   "is not a credential file but JSON in which \"\\n\" became line breaks, as sh's "
                   "echo does",
                   "printf");
    std::string bare = tests::service_account_text();
    std::erase(bare, '"');
    expect_refusal(bare, "is not a credential file but JSON that lost its quotes in a shell",
                   "printf");
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

// ---- a damaged private key

TEST(CredentialFile, DamageToThePrivateKeyIsTold) {
    const std::string& pem = tests::rsa_key_pem();
    const auto damage = [](const std::string& damaged) {
        const Error error = refusal_of(tests::service_account_text(damaged));
        EXPECT_TRUE(error.message().starts_with("c.json: private_key: ")) << error.message();
        EXPECT_NE(error.hint().find("download a new key"), std::string::npos);
        return error.message();
    };
    const auto replaced = [&pem](const std::string& from, const std::string& to) {
        std::string text = pem;
        for (auto at = text.find(from); at != std::string::npos;
             at = text.find(from, at + to.size())) {
            text.replace(at, from.size(), to);
        }
        return text;
    };
    EXPECT_NE(damage(replaced("\n", "\\n")).find("escaped twice"), std::string::npos);
    EXPECT_NE(damage(replaced("\n", " ")).find("line breaks were lost"), std::string::npos);
    EXPECT_NE(damage(pem.substr(pem.find('\n') + 1)).find("no BEGIN line"), std::string::npos);
    EXPECT_NE(damage(pem.substr(0, pem.size() / 2)).find("no END line"), std::string::npos);
    EXPECT_NE(damage(tests::encrypted_rsa_key_pem()).find("passphrase"), std::string::npos);
    EXPECT_NE(damage(replaced("PRIVATE KEY", "CERTIFICATE")).find("certificate"),
              std::string::npos);
    EXPECT_NE(damage(tests::ec_key_pem()).find("RSA"), std::string::npos);
    EXPECT_NE(damage(pem.substr(0, 200) + pem.substr(210)).find("modified or truncated"),
              std::string::npos);
    expect_refusal(tests::service_account_text(""), "private_key: is empty or a placeholder");
}

TEST(CredentialFile, NoDamageMakesAMessageShowAValue) {
    // Compact, so that the damage does not hit mostly white space.
    const std::string key = tests::service_account(canary).dump();
    for (const auto& sample :
         {authorized_user_text, oauth_client_text, aepp_text, postman_text, console_text, key}) {
        tests::expect_no_leak(
            json::parse(sample).dump(), canary,
            [](std::string_view text) { recognise_credentials(text, "c.json"); },
            std::string_view("\0\"\\}<\xff", 6));
    }
    tests::expect_no_leak(
        key, canary, [](std::string_view text) { parse_service_account_key(text, "c.json"); }, "x");
}

TEST(CredentialFile, NoTruncationOfAKeyFileMakesAMessageShowIt) {
    const std::string text = tests::service_account_text();
    const std::string middle = tests::rsa_key_pem().substr(400, 40);
    for (std::size_t length = 0; length < text.size(); ++length) {
        const std::string part = text.substr(0, length);
        try {
            parse_service_account_key(part, "c.json");
        } catch (const Error& error) {
            ASSERT_FALSE(tests::leaks(tests::all_of(error), middle)) << tests::all_of(error);
            continue;
        }
        EXPECT_EQ(part, text.substr(0, text.size() - 1)) << "only the last newline may be missing";
    }
}

}  // namespace
}  // namespace bqconn::config
