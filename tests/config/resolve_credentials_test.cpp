// Settings from credential files.
#include "bqconn/config/resolve.hpp"

#include <gtest/gtest.h>

#include "bqconn/core/error.hpp"
#include "config/resolving.hpp"
#include "support/expect_error.hpp"
#include "support/temp_folder.hpp"
#include "support/test_keys.hpp"

namespace bqconn::config {
namespace {

using tests::error_of;
using tests::TempFolder;

TEST(Resolve, CredentialFiles) {
    const TempFolder folder;
    const std::string key = folder.write("key.json", tests::service_account_text());
    const std::string adobe = folder.write(
        "adobe.json",
        R"({"org_id":"ABC@AdobeOrg","client_id":"the-key","secret":"the-secret","sandbox-name":"dev","scopes":"a,b"})");
    Environment environment = environment_with({{"BQCONN_CREDENTIALS", key + ":" + adobe}});
    const Settings settings = resolve_with({}, environment);
    EXPECT_EQ(settings.text(Setting::project), "demo-project");
    EXPECT_EQ(settings.key()->text.reveal(), tests::service_account_text());
    EXPECT_EQ(settings.text(Setting::api_key), "the-key");
    EXPECT_EQ(settings.secret(Setting::api_secret).reveal(), "the-secret");
    EXPECT_EQ(settings.text(Setting::org_id), "ABC@AdobeOrg");
    EXPECT_EQ(settings.text(Setting::sandbox_name), "dev");
    EXPECT_EQ(settings.text(Setting::scopes), "a,b");
}

TEST(Resolve, CredentialFilesThatDisagree) {
    const TempFolder folder;
    Typed typed;
    for (const char* const id : {"one", "two"}) {
        const std::string text = R"({"type":"authorized_user","client_id":")" + std::string(id) +
                                 R"(","client_secret":"same-secret","refresh_token":"same-token"})";
        typed[Setting::credentials].emplace_back(folder.write(std::string(id) + ".json", text));
    }
    EXPECT_EQ(error_of([&] { resolve_with(typed, {}); }).code(), "config.credentials_disagree");
}

TEST(Resolve, AStoredTokenYieldsToTheMeansToFetchOne) {
    const TempFolder folder;
    const std::string postman = folder.write(
        "postman.json",
        R"({"values":[{"key":"ACCESS_TOKEN","value":"stale"},{"key":"CLIENT_SECRET","value":"hush"},)"
        R"({"key":"API_KEY","value":"key"},{"key":"IMS_ORG","value":"ABC@AdobeOrg"}]})");
    Typed typed = typed_with({{Setting::credentials, postman}});
    EXPECT_FALSE(resolve_with(typed, {}).has(Setting::access_token));
    typed[Setting::access_token].emplace_back("given");
    EXPECT_EQ(resolve_with(typed, {}).secret(Setting::access_token).reveal(), "given");
}

TEST(Resolve, KeyFileGivesTheProjectAndWarnsOfAnother) {
    const TempFolder folder;
    const std::string key = folder.write("key.json", tests::service_account_text());
    Typed typed = typed_with({{Setting::key_file, key}});
    EXPECT_EQ(resolve_with(typed, {}).text(Setting::project), "demo-project");
    typed[Setting::project].emplace_back("other-project");
    const Settings settings = resolve_with(typed, {});
    EXPECT_EQ(settings.text(Setting::project), "other-project");
    EXPECT_EQ(settings.warnings().size(), 1U);
}

}  // namespace
}  // namespace bqconn::config
