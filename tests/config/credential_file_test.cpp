#include "bqconn/config/credential_file.hpp"

#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "bqconn/core/text.hpp"
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
    EXPECT_EQ(given.description, "an Adobe configuration");
}

TEST(CredentialFile, AeppScopesAsAList) {
    EXPECT_EQ(adobe(with(aepp_text, "/scopes", {"openid", " session "})).scopes, "openid,session");
    EXPECT_EQ(adobe(with(aepp_text, "/scopes", json::array())).scopes, "");
    EXPECT_EQ(adobe(with(aepp_text, "/scopes", "openid session, ,x")).scopes, "openid,session,x");
    expect_refusal(with(aepp_text, "/scopes", 1), "scopes: must be a string");
    expect_refusal(with(aepp_text, "/scopes", {"a", 1}), "scopes: must be a list of strings");
}

// The same credential as each of Adobe's tools spells it.
TEST(CredentialFile, EverySpellingOfTheNames) {
    const json scopes = {"openid", "AdobeID"};
    const auto variables = [](const json& names) {
        json values = json::array();
        for (const auto& [name, value] : names.items()) {
            values.push_back({{"key", name}, {"value", value}, {"enabled", true}});
        }
        return json{{"name", "x"}, {"values", values}};
    };
    const json console_json = {{"CLIENT_SECRETS", {"s-" + canary, "second-" + canary}},
                               {"ORG_ID", "ABCDEF@AdobeOrg"},
                               {"CLIENT_ID", "made-up-api-key"},
                               {"SCOPES", scopes},
                               {"TECHNICAL_ACCOUNT_ID", "x@techacct.adobe.com"},
                               {"SANDBOX_NAME", "dev"}};
    const json postbuster = {{"CLIENT_SECRET", "s-" + canary},
                             {"API_KEY", "made-up-api-key"},
                             {"ACCESS_TOKEN", ""},
                             {"SCOPES", scopes},
                             {"TECHNICAL_ACCOUNT_ID", ""},
                             {"IMS", "ims-na1.adobelogin.com"},
                             {"IMS_ORG", "ABCDEF@AdobeOrg"},
                             {"access_token", ""},
                             {"SANDBOX_NAME", "dev"}};
    const json tags = {{"IMS", "https://ims-na1.adobelogin.com"},
                       {"CLIENT_ID", "made-up-api-key"},
                       {"CLIENT_SECRET", "s-" + canary},
                       {"ORG_ID", "ABCDEF@AdobeOrg"},
                       {"SCOPES", "openid,AdobeID"},
                       {"META_SCOPE", "ent_reactor_sdk"},
                       {"PRIVATE_KEY", ""},
                       {"sandboxName", "dev"}};
    const json context = {{"client_id", "made-up-api-key"},
                          {"client_secrets", {"s-" + canary}},
                          {"technical_account_email", "x@techacct.adobe.com"},
                          {"scopes", scopes},
                          {"ims_org_id", "ABCDEF@AdobeOrg"},
                          {"sandbox", "dev"}};
    const json contexts = {
        {"contexts",
         {{"cli", {{"access_token", {{"token", canary}, {"expiry", 1}}}}}, {"mine", context}}}};
    const json two = {
        {"ims",
         {{"config", {{"current", "mine"}}},
          {"contexts", {{"mine", context}, {"other", console_json}, {"third", context}}}}}};
    const json exported = {{"_type", "export"},
                           {"__export_format", 4},
                           {"resources",
                            {{{"_type", "request"}, {"body", json::object()}},
                             {{"_type", "environment"}, {"data", json::object()}},
                             {{"_type", "environment"}, {"data", postbuster}}}}};
    const json aepp_list = {{"client_id", "made-up-api-key"},
                            {"client_secrets", R"(["s-qvxzjkwpyq", "other"])"},
                            {"scopes", scopes.dump()},
                            {"org_id", "ABCDEF@AdobeOrg"},
                            {"sandbox-name", "dev"}};
    const json aepp_upper = {{"API_KEY", "made-up-api-key"},   {"client_id", "made-up-api-key"},
                             {"Client_Secret", "s-" + canary}, {"Scopes", "openid AdobeID"},
                             {"ORG_ID", "ABCDEF@AdobeOrg"},    {"SANDBOX-NAME", "dev"}};
    for (const json& file :
         {aepp_list, aepp_upper, console_json, context, postbuster, variables(tags),
          variables(postbuster), contexts, json{{"ims", contexts}}, two, exported}) {
        const std::string text = file.dump();
        const auto given = adobe(text);
        EXPECT_EQ(given.api_key, "made-up-api-key") << text;
        EXPECT_EQ(given.api_secret, "s-" + canary) << text;
        EXPECT_EQ(given.scopes, "openid,AdobeID") << text;
        EXPECT_EQ(given.org_id, "ABCDEF@AdobeOrg") << text;
        EXPECT_EQ(given.sandbox_name, "dev") << text;
        EXPECT_EQ(given.access_token, "") << text;
        const auto content = recognise_credentials(text, "c.json");
        EXPECT_TRUE(content.warnings.empty()) << text << join(content.warnings, ";");
        EXPECT_FALSE(content.elsewhere) << text;
    }
}

// Never production in silence.
TEST(CredentialFile, CredentialsForAnotherEnvironment) {
    const auto elsewhere = [](const std::string& text) -> std::string {
        const auto content = recognise_credentials(text, "c.json");
        if (!content.elsewhere) {
            return "";
        }
        EXPECT_NE(content.elsewhere->hint().find("--platform-url and --ims-url"),
                  std::string::npos);
        const std::string message = content.elsewhere->message();
        EXPECT_NE(message.find("other than production"), std::string::npos) << message;
        return message.substr(0, message.find(": the credentials"));
    };
    for (const std::string value : {"prod", "Production", "", "<environment>"}) {
        EXPECT_EQ(elsewhere(with(aepp_text, "/environment", value)), "") << value;
    }
    EXPECT_EQ(elsewhere(with(aepp_text, "/environment", "stage")),
              "c.json: environment: is not \"prod\"");
    EXPECT_EQ(elsewhere(with(aepp_text, "/ENV", "stage")), "c.json: ENV: is not \"prod\"");
    for (const std::string value : {"ims-na1.adobelogin.com", "https://IMS-NA1.adobelogin.com/"}) {
        EXPECT_EQ(elsewhere(with(postman_text, "/values/4/value", value)), "") << value;
    }
    EXPECT_EQ(elsewhere(with(postman_text, "/values/4/value", "ims-na1-stg1.adobelogin.com")),
              "c.json: IMS: is not ims-na1.adobelogin.com");
    EXPECT_EQ(elsewhere(with(postman_text, "/values/4",
                             {{"key", "PLATFORM_URL"}, {"value", "platform-stage.adobe.io"}})),
              "c.json: PLATFORM_URL: is not platform.adobe.io");
    EXPECT_EQ(elsewhere(with(postman_text, "/values/4", {{"key", "env"}, {"value", "dev"}})), "")
        << "a person's own variable";
    const json context = {{"client_id", "x"}, {"client_secret", canary}};
    const json cli = {{"cli", {{"env", "stage"}}}, {"ims", {{"contexts", {{"x", context}}}}}};
    EXPECT_EQ(elsewhere(cli.dump()), "c.json: env: is not \"prod\"");
}

TEST(CredentialFile, ReportsWhatIsNotUsed) {
    const auto told = [](const std::string& text) {
        return join(recognise_credentials(text, "c.json").warnings, ";");
    };
    EXPECT_EQ(told(postman_text), "");
    json document = json::parse(postman_text);
    document["values"][0]["enabled"] = false;
    document["values"][1]["value"] = "{{API_KEY}}";
    document["values"].push_back({{"key", "USER_TOKEN_CLIENT_ID"}, {"value", "x"}});
    document["values"].push_back({{"key", "CONTAINER_ID"}, {"value", "global"}});
    document["values"].push_back({{"key", "OTHER_SECRET"}, {"value", ""}});
    document["values"].push_back({{"key", "secret " + canary}, {"value", "x"}});
    EXPECT_EQ(told(document.dump()),
              "not used: CLIENT_SECRET (disabled), API_KEY (a placeholder), USER_TOKEN_CLIENT_ID "
              "(unknown name)");
    document["values"].push_back({{"key", "client_id"}, {"value", "x"}});
    EXPECT_EQ(told(document.dump()).find("API_KEY"), std::string::npos) << "another one gives it";
    EXPECT_EQ(told(with(aepp_text, "/orgId2", "x")), "not used: orgId2 (unknown name)");
}

TEST(CredentialFile, TwoNamesOfOneSettingMustAgree) {
    expect_refusal(with(aepp_text, "/api_key", "other"),
                   "api_key and client_id: have different values", "keep only one");
    EXPECT_EQ(adobe(with(aepp_text, "/api_key", "made-up-api-key")).api_key, "made-up-api-key");
    json tokens = json::parse(postman_text);
    tokens["values"].push_back({{"key", "access_token"}, {"value", "other-" + canary}});
    EXPECT_EQ(adobe(tokens.dump()).api_secret, "s-" + canary) << "the tokens are not needed";
    tokens["values"][0]["value"] = "";
    expect_refusal(tokens.dump(), "ACCESS_TOKEN and access_token: have different values",
                   "keep only one");
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
    document["values"].push_back({{"key", "TENANT_ID"}, {"value", {"x"}}});
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
    for (const std::string value :
         {"", " ", "<client_id>", "{{API_KEY}}", "{API_KEY}", "<something>@x", "x-{{vault:y}}"}) {
        EXPECT_EQ(adobe(with(aepp_text, "/client_id", value)).api_key, "") << value;
        EXPECT_EQ(adobe(with(postman_text, "/values/1/value", value)).api_key, "") << value;
    }
    EXPECT_EQ(adobe(with(aepp_text, "/client_id", nullptr)).api_key, "");
    // The template for another kind of credential, filled in for this one.
    for (const std::string name : {"auth_code", "pathToKey", "tech_id"}) {
        for (const std::string& value : {"<" + name + ">@x.key", "your-" + name}) {
            json document = json::parse(with(aepp_text, "/" + name, value));
            document.erase("scopes");
            EXPECT_EQ(adobe(document.dump()).api_secret, "s-" + canary) << value;
        }
    }
}

TEST(CredentialFile, ATemplateThatNobodyFilledIn) {
    const json aepp = {{"org_id", "<orgID>"},      {"client_id", "<client_id>"},
                       {"secret", "<YourSecret>"}, {"sandbox-name", "prod"},
                       {"environment", "prod"},    {"scopes", "<scopes>"}};
    expect_refusal(aepp.dump(), "this Adobe configuration contains no credentials", "fill it in");
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
    expect_refusal(R"({"installed": {"client_id": "x", "a": 1}, "web": {}})",
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
    expect_refusal(postman.dump(), "PRIVATE_KEY: belongs to a JWT credential",
                   "OAuth Server-to-Server");
    // As downloaded from the Developer Console, and as aio takes it.
    const json parts = {{"CLIENT_SECRET", canary},
                        {"ORG_ID", "ABCDEF@AdobeOrg"},
                        {"API_KEY", "x"},
                        {"TECHNICAL_ACCOUNT_ID", "x@techacct.adobe.com"}};
    for (const auto& [name, value] :
         std::map<std::string, json>{{"PUBLIC_KEYS_WITH_EXPIRY", json::object()},
                                     {"meta_scopes", json::array({"ent_dataservices_sdk"})},
                                     {"private_key", "a path"}}) {
        json document = parts;
        document[name] = value;
        expect_refusal(document.dump(), name + ": belongs to a JWT credential",
                       "OAuth Server-to-Server");
    }
}

TEST(CredentialFile, TheProjectOfAioLacksItsSecret) {
    const auto listed = [](const std::string& type) {
        json console = json::parse(console_text);
        auto& one = console["project"]["workspace"]["details"]["credentials"][0];
        one.erase("oauth_server_to_server");
        one["integration_type"] = type;
        return console.dump();
    };
    const std::string where = "project.workspace.details.credentials: ";
    for (const std::string type : {"oauth_server_to_server", "oauth_server_to_server_migrate"}) {
        expect_refusal(listed(type),
                       where +
                           "lists an OAuth Server-to-Server credential without its client id "
                           "and secret, as the .aio file of a project does",
                       "download the project");
    }
    expect_refusal(listed("service"), where + "has only a JWT credential", "Server-to-Server");
    expect_refusal(listed("apikey"), where + "has no OAuth Server-to-Server credential", "add one");
}

TEST(CredentialFile, SeveralContextsOfAio) {
    const json context = {{"client_id", "x"}, {"client_secret", canary}};
    expect_refusal(json{{"ims", {{"contexts", {{"a", context}, {"b", context}}}}}}.dump(),
                   "ims.contexts: has 2 credentials", "keep only one");
}

TEST(CredentialFile, TheRedirectAddressesOfAWebClient) {
    EXPECT_FALSE(recognise_credentials(oauth_client_text, "c.json").web_redirects);
    json client = json::parse(oauth_client_text)["installed"];
    client["redirect_uris"] = {"https://a.example/x", "http://localhost:80"};
    EXPECT_EQ(recognise_credentials(json{{"web", client}}.dump(), "c.json").web_redirects,
              (std::vector<std::string>{"https://a.example/x", "http://localhost:80"}));
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
    expect_refusal(document.dump(), "API_KEY: is set twice, with different values",
                   "keep only one");
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
    expect_instead("{\n  ims: {\n    contexts: {\n      x: qvxzjkwpyq\n", "Hjson",
                   "aio config get");
}

TEST(CredentialFile, WhatJsonIsInstead) {
    expect_instead(json(authorized_user_text).dump(), "encoded twice", "downloaded");
    expect_instead("[]", "not an object", "");
    expect_instead("5", "not an object", "");
    expect_instead(R"({"info": {}, "item": []})", "Postman collection", "environment");
    expect_instead(R"({"access_token": "qvxzjkwpyq", "expires_in": 1})", "token response",
                   "--access-token");
    expect_instead(without(tests::service_account_text(), "", "type"), "\"type\"", "downloaded");
    expect_instead(R"({"integration": {"technicalAccount": {"clientSecret": "qvxzjkwpyq"},)"
                   R"("privateKey": "qvxzjkwpyq"}, "statusCode": 200})",
                   "a JWT credential, as AEM issues it", "OAuth Server-to-Server");
    expect_instead(R"({"ims": {"contexts": {"cli": {"access_token": {"token": "qvxzjkwpyq"}}}}})",
                   "without a credential", "OAuth Server-to-Server");
    expect_instead(R"({"version": 1, "collections": [], "environments": []})", "Postman's data",
                   "export only the environment");
    expect_instead("{}", "not a supported credential file", "aepp config");
    // One key alone tells nothing.
    for (const std::string text :
         {R"({"org_id": "x"})", R"({"client_id": "x", "client_secret": "qvxzjkwpyq"})",
          R"({"private_key": "qvxzjkwpyq"})", R"({"access_token": "qvxzjkwpyq"})",
          R"({"values": ["qvxzjkwpyq"]})", R"({"project": {"name": "x"}})",
          R"({"web": {"url": "x", "port": 1}})", R"({"installed": []})",
          R"({"type": "service_account"})", R"({"type": "authorized_user"})",
          R"({"contexts": {"x": {"client_id": "x"}}})"}) {
        expect_instead(text, "not a supported credential file", "aepp config");
    }
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
        {aepp_text, "an Adobe configuration"},
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
