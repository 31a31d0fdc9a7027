#include "bqconn/config/assemble.hpp"

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

TEST(Assemble, EveryMissingSettingInOneMessage) {
    Missing missing;
    const Settings settings = resolve_with({}, {});
    base_connection(settings, missing);
    access(settings, missing);
    const Error error = error_of([&] { missing.report(); });
    EXPECT_EQ(error.exit_code(), ExitCode::usage);
    for (const Setting setting :
         {Setting::project, Setting::client_id, Setting::client_secret, Setting::refresh_token,
          Setting::key_file, Setting::api_key, Setting::api_secret, Setting::access_token,
          Setting::org_id, Setting::sandbox_name}) {
        const auto& spec = spec_of(setting);
        EXPECT_NE(error.message().find(spec.flag), std::string::npos) << spec.flag;
        EXPECT_NE(error.message().find(spec.variable), std::string::npos) << spec.variable;
        EXPECT_NE(error.message().find(spec.where), std::string::npos) << spec.where;
    }
}

TEST(Assemble, HalfOfBasicAuthenticationNamesTheOtherHalf) {
    Missing missing;
    base_connection(
        resolve_with(
            typed_with({{Setting::refresh_token, "token"}, {Setting::project, "my-project"}}), {}),
        missing);
    EXPECT_EQ(missing.flags(), (std::vector<std::string>{"--client-id", "--client-secret"}));
}

TEST(Assemble, ADatasetAsksForAKeyFile) {
    Missing missing;
    base_connection(
        resolve_with(typed_with({{Setting::dataset, "sales"}, {Setting::project, "my-project"}}),
                     {}),
        missing);
    EXPECT_EQ(missing.flags(), (std::vector<std::string>{"--key-file"}));
}

TEST(Assemble, MixturesNameBothHalves) {
    const TempFolder folder;
    const std::string key = folder.write("key.json", tests::service_account_text());
    const Environment environment = environment_with({{"BQCONN_REFRESH_TOKEN", "token-value"}});
    Missing missing;
    const auto refuse = [&](const Typed& typed) {
        return error_of([&] { base_connection(resolve_with(typed, environment), missing); });
    };
    const Error both = refuse(typed_with({{Setting::key_file, key}}));
    EXPECT_EQ(both.code(), "usage.mixed_auth");
    EXPECT_EQ(both.exit_code(), ExitCode::usage);
    EXPECT_NE(both.message().find("--key-file"), std::string::npos);
    EXPECT_NE(both.message().find("BQCONN_REFRESH_TOKEN"), std::string::npos);
    EXPECT_EQ(both.message().find("token-value"), std::string::npos);
    EXPECT_EQ(refuse(typed_with({{Setting::dataset, "sales"}})).code(), "usage.mixed_auth");
    const Error aws = error_of([&] {
        base_connection(resolve_with(typed_with({{Setting::key_file, key},
                                                 {Setting::dataset, "sales"},
                                                 {Setting::large_results_dataset, "tmp"}}),
                                     {}),
                        missing);
    });
    EXPECT_EQ(aws.code(), "usage.mixed_auth");
}

std::string names_in(const connection::Auth& auth) {
    std::string names;
    for (const auto& parameter : auth.params) {
        names += (names.empty() ? "" : ",") + std::string(parameter.name);
    }
    return names;
}

TEST(Assemble, AuthKinds) {
    const TempFolder folder;
    const std::string key = folder.write("key.json", tests::service_account_text());
    Missing missing;
    Typed typed = typed_with({{Setting::key_file, key}});
    const auto service = base_connection(resolve_with(typed, {}), missing);
    EXPECT_EQ(service.auth.spec_name, "Service Authentication");
    EXPECT_EQ(names_in(service.auth), "projectId,keyFileContent");
    EXPECT_EQ(service.name, "Google BigQuery demo-project");
    typed[Setting::dataset].emplace_back("sales");
    EXPECT_EQ(names_in(base_connection(resolve_with(typed, {}), missing).auth),
              "projectId,keyFileContent,datasetId");
    EXPECT_TRUE(missing.empty());
}

TEST(Assemble, AMissingSettingWhoseVariableIsEmpty) {
    const auto report = [](const char* variable) {
        Missing missing;
        access(resolve_with({}, environment_with({{variable, ""}})), missing);
        return error_of([&] { missing.report(); });
    };
    for (const char* const variable : {"BQCONN_ORG_ID", "BQCONN_API_SECRET"}) {
        const Error error = report(variable);
        EXPECT_EQ(error.code(), "usage.missing_settings");
        EXPECT_NE(error.message().find(std::string(variable) + "): the variable is empty"),
                  std::string::npos)
            << error.message();
        EXPECT_TRUE(error.hint().starts_with("an undefined CI secret")) << error.hint();
    }
    EXPECT_FALSE(report("BQCONN_DATASET").hint().starts_with("an undefined CI secret"));
}

TEST(Assemble, UrlsAndTimes) {
    Missing missing;
    const auto with = [](Setting setting, const std::string& value) {
        return resolve_with(typed_with({{setting, value}}), {});
    };
    EXPECT_EQ(access(resolve_with({}, {}), missing).platform_url, "https://platform.adobe.io");
    EXPECT_EQ(access(with(Setting::platform_url, "http://127.0.0.1:8080/"), missing).platform_url,
              "http://127.0.0.1:8080");
    for (const char* const url :
         {"http://example.com", "ftp://x", "https://u:p@x", "https://x/?q", "x", "https://"}) {
        const Error error = error_of([&] { access(with(Setting::platform_url, url), missing); });
        EXPECT_EQ(error.exit_code(), ExitCode::usage) << url;
        EXPECT_NE(error.message().find("--platform-url"), std::string::npos);
    }
    EXPECT_EQ(transport_options(with(Setting::timeout, "1.5")).timeout,
              std::chrono::milliseconds(1500));
    for (const char* const time : {"0", "-1", "x", "1s", "1e3", "nan", "inf", "3601", " 1"}) {
        EXPECT_EQ(error_of([&] { transport_options(with(Setting::timeout, time)); }).exit_code(),
                  ExitCode::usage)
            << time;
    }
}

}  // namespace
}  // namespace bqconn::config
