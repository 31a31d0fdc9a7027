#include "bqconn/config/resolve.hpp"

#include <gtest/gtest.h>

#include <array>

#include "bqconn/core/error.hpp"
#include "config/resolving.hpp"
#include "support/expect_error.hpp"
#include "support/row_name.hpp"
#include "support/temp_folder.hpp"
#include "support/test_keys.hpp"

namespace bqconn::config {

void PrintTo(const SettingSpec& spec, std::ostream* out) {
    *out << (spec.variable.empty() ? spec.flag : spec.variable);
}

namespace {

using tests::error_of;
using tests::TempFolder;
using Kind = Source::Kind;

TEST(Resolve, FileTwinOfAWinningFlagIsNotRead) {
    const Environment environment =
        environment_with({{"BQCONN_REFRESH_TOKEN_FILE", "/nowhere/at/all"}});
    EXPECT_NO_THROW(resolve_with(typed_with({{Setting::refresh_token, "typed"}}), environment));
    EXPECT_EQ(error_of([&] { resolve_with({}, environment); }).exit_code(), ExitCode::config);
}

TEST(Resolve, VariableAndItsTwinTogetherAreAnError) {
    const Error error = error_of([] {
        resolve_with({}, environment_with(
                             {{"BQCONN_API_SECRET", "a-secret"}, {"BQCONN_API_SECRET_FILE", "x"}}));
    });
    EXPECT_EQ(error.exit_code(), ExitCode::usage);
    EXPECT_NE(error.message().find("BQCONN_API_SECRET_FILE"), std::string::npos);
    EXPECT_EQ(error.message().find("a-secret"), std::string::npos);
}

TEST(Resolve, StandardInputIsReadOnce) {
    const Error error = error_of([] {
        resolve_with(typed_with({{Setting::api_secret, "-"}, {Setting::refresh_token, "-"}}), {},
                     "x");
    });
    EXPECT_EQ(error.code(), "usage.standard_input_twice");
}

TEST(Resolve, TheLastEnvFileWinsAndBothCount) {
    const TempFolder folder;
    Typed typed;
    typed[Setting::env_file].emplace_back(
        folder.write("a.env", "BQCONN_SCOPES=a\nBQCONN_SANDBOX_NAME=dev\n"));
    typed[Setting::env_file].emplace_back(folder.write("b.env", "BQCONN_SCOPES=b\n"));
    const Settings settings = resolve_with(typed, {});
    EXPECT_EQ(settings.text(Setting::scopes), "b");
    EXPECT_EQ(settings.text(Setting::sandbox_name), "dev");
    EXPECT_EQ(describe(settings.source(Setting::sandbox_name)),
              folder.path("a.env") + ":2: BQCONN_SANDBOX_NAME");
}

TEST(Resolve, UnknownNames) {
    const TempFolder folder;
    const std::string file = folder.write("x.env", "OTHER=1\nBQCONN_PROJET=abc\n");
    const Error error = error_of([&] {
        resolve_with(typed_with({{Setting::env_file, file}}), {});
    });
    EXPECT_EQ(error.exit_code(), ExitCode::config);
    EXPECT_NE(error.message().find(":2"), std::string::npos);
    EXPECT_NE(error.hint().find("BQCONN_PROJECT"), std::string::npos);
    const Settings settings = resolve_with({}, environment_with({{"BQCONN_PROJET", "abc"}}));
    ASSERT_EQ(settings.warnings().size(), 1U);
    EXPECT_NE(settings.warnings()[0].find("BQCONN_PROJECT"), std::string::npos);
}

TEST(Resolve, AValueInTheNameOfAVariableIsNotShown) {
    const Settings settings =
        resolve_with({}, environment_with({{"BQCONN_API_SECRET:the-secret", "="}}));
    ASSERT_EQ(settings.warnings().size(), 1U);
    EXPECT_EQ(settings.warnings()[0].find("the-secret"), std::string::npos);
    EXPECT_NE(settings.warnings()[0].find("did you mean BQCONN_API_SECRET?"), std::string::npos);
}

TEST(Resolve, ASecretInATextThatIsStoredIsRefused) {
    const auto given = environment_with({{"BQCONN_API_SECRET", "made-up-api-secret"}});
    for (const Setting text : {Setting::name, Setting::description}) {
        const Error error = error_of([&] {
            resolve_with(typed_with({{text, "x made-up-api-secret"}}), given);
        });
        EXPECT_NE(error.message().find("contains the value of --api-secret"), std::string::npos);
    }
    resolve_with(typed_with({{Setting::name, "api-secret"}}), given);
    resolve_with(typed_with({{Setting::description, R"({"team": "data"})"}}), given);
}

TEST(Resolve, ResultsOfAnEarlierRunAreNoSettings) {
    const TempFolder folder;
    const std::string file =
        folder.write("x.env", "BQCONN_CONNECTION_ID=abc\nBQCONN_CONNECTION_ETAG='\"e\"'\n");
    const Settings settings = resolve_with(typed_with({{Setting::env_file, file}}),
                                           environment_with({{"BQCONN_CONNECTION_ID", "abc"}}));
    EXPECT_TRUE(settings.warnings().empty());
}

TEST(Resolve, AFileCannotSayWhichFilesAreRead) {
    const TempFolder folder;
    for (const char* const line :
         {"BQCONN_ENV_FILE=x", "BQCONN_PROFILE=x", "BQCONN_ALLOW_INSECURE_FILES=true"}) {
        const std::string file = folder.write("x.env", line);
        EXPECT_EQ(error_of([&] {
                      resolve_with(typed_with({{Setting::env_file, file}}), {});
                  }).code(),
                  "config.not_in_a_file")
            << line;
    }
}

TEST(Resolve, Profiles) {
    const TempFolder folder;
    std::filesystem::create_directories(folder.path(".config/bqconn"));
    folder.write(".config/bqconn/ci.env", "BQCONN_SANDBOX_NAME=ci\n");
    folder.write(".config/bqconn/default.env", "BQCONN_SANDBOX_NAME=dev\n");
    const Environment home = environment_with({{"HOME", folder.path()}});
    EXPECT_EQ(resolve_with({}, home).text(Setting::sandbox_name), "dev");
    EXPECT_EQ(
        resolve_with(typed_with({{Setting::profile, "ci"}}), home).text(Setting::sandbox_name),
        "ci");
    const auto missing = [](const char* name, const Environment& environment) {
        const Error error = error_of([&] {
            resolve_with(typed_with({{Setting::profile, name}}), environment);
        });
        EXPECT_EQ(error.code(), "config.file_missing");
        EXPECT_TRUE(error.message().starts_with("--profile: no such profile in /"))
            << error.message();
        return error.hint();
    };
    EXPECT_EQ(missing("none", home), "existing profiles: ci, default");
    EXPECT_EQ(missing("defualt", home), "did you mean default? existing profiles: ci, default");
    EXPECT_EQ(missing("ci", environment_with({{"XDG_CONFIG_HOME", "/nonexistent"}})),
              "there are no profiles yet: bqconn init writes one");
    for (const char* const name : {"../x", "a/b", ".hidden"}) {
        EXPECT_EQ(error_of([&] {
                      resolve_with(typed_with({{Setting::profile, name}}), home);
                  }).exit_code(),
                  ExitCode::usage);
    }
    EXPECT_FALSE(resolve_with({}, {}).has(Setting::sandbox_name));
    // A default profile that cannot be reached is as if it were not there; a named one is an error.
    folder.write("file", "");
    for (const std::string& home_of_nobody : {std::string("/dev/null"), folder.path("none")}) {
        const Environment nobody = environment_with({{"HOME", home_of_nobody}});
        EXPECT_FALSE(resolve_with({}, nobody).has(Setting::sandbox_name));
        EXPECT_EQ(error_of([&] {
                      resolve_with(typed_with({{Setting::profile, "ci"}}), nobody);
                  }).code(),
                  "config.no_home");
    }
    for (const std::string& no_folder : {folder.path("file"), "/" + std::string(300, 'x')}) {
        const Environment blocked = environment_with({{"XDG_CONFIG_HOME", no_folder}});
        EXPECT_FALSE(resolve_with({}, blocked).has(Setting::sandbox_name));
        EXPECT_EQ(error_of([&] {
                      resolve_with(typed_with({{Setting::profile, "ci"}}), blocked);
                  }).code(),
                  "config.file_unreadable");
    }
    EXPECT_EQ(error_of([&] {
                  resolve_with(typed_with({{Setting::profile, "ci"}}), {});
              }).code(),
              "config.no_home");
}

// A folder controlled by someone else must not decide where credentials are sent.
TEST(Resolve, TheCurrentFolderIsNotLookedInto) {
    const TempFolder folder;
    folder.write(".env", "BQCONN_SANDBOX_NAME=dev\n");
    std::filesystem::create_directory(folder.path("bqconn"));
    folder.write("bqconn/default.env", "BQCONN_SANDBOX_NAME=dev\n");
    const auto before = std::filesystem::current_path();
    std::filesystem::current_path(folder.path());
    const bool found = resolve_with({}, {}).has(Setting::sandbox_name);
    const bool found_if_named =
        resolve_with(typed_with({{Setting::env_file, ".env"}}), {}).has(Setting::sandbox_name);
    std::filesystem::current_path(before);
    EXPECT_FALSE(found);
    EXPECT_TRUE(found_if_named);
}

TEST(Resolve, OpenFilesAreRefusedUnlessAllowed) {
    const TempFolder folder;
    const std::string file = folder.write("x.env", "BQCONN_SCOPES=a\n", 0644);
    Typed typed = typed_with({{Setting::env_file, file}});
    const Error error = error_of([&] { resolve_with(typed, {}); });
    EXPECT_EQ(error.code(), "config.file_too_open");
    EXPECT_NE((error.message() + error.hint()).find("chmod 600"), std::string::npos);
    EXPECT_NO_THROW(
        resolve_with(typed, environment_with({{"BQCONN_ALLOW_INSECURE_FILES", "true"}})));
    typed[Setting::allow_insecure_files].emplace_back("true");
    EXPECT_NO_THROW(resolve_with(typed, {}));
}

TEST(Resolve, TrustOfCurlAndOpenSslIsHonoured) {
    EXPECT_EQ(resolve_with({}, environment_with({{"SSL_CERT_FILE", "a"}, {"CURL_CA_BUNDLE", "b"}}))
                  .text(Setting::ca_file),
              "a");
    EXPECT_EQ(resolve_with({}, environment_with({{"CURL_CA_BUNDLE", "b"}})).text(Setting::ca_file),
              "b");
    EXPECT_EQ(resolve_with({}, environment_with({{"BQCONN_CA_FILE", "c"}, {"SSL_CERT_FILE", "a"}}))
                  .text(Setting::ca_file),
              "c");
}

// ---- every setting: a new row of the table is covered automatically

// A valid value for `spec`, different for each `variant`.
std::string good_value(const SettingSpec& spec, int variant) {
    const std::string digit = std::to_string(variant);
    switch (spec.setting) {
        case Setting::org_id:
            return "ABC" + digit + "@AdobeOrg";
        case Setting::project:
            return "my-project-" + digit;
        case Setting::connect_timeout:
        case Setting::timeout:
        case Setting::parallel:
            return digit;
        case Setting::output:
            return std::array{"text", "json", "id", "env", "auto"}.at(
                static_cast<std::size_t>(variant - 1));
        case Setting::log:
            return std::array{"error", "warn", "debug", "error", "warn"}.at(
                static_cast<std::size_t>(variant - 1));
        case Setting::if_exists:
            return std::array{"new", "error", "reuse", "new", "error"}.at(
                static_cast<std::size_t>(variant - 1));
        default:
            return "value" + digit;
    }
}

class EverySetting : public testing::TestWithParam<SettingSpec> {
  protected:
    static bool is_plain(const SettingSpec& spec) {
        return (spec.takes == Takes::value || spec.takes == Takes::secret) &&
               spec.setting != Setting::key_file && spec.setting != Setting::profile;
    }
    static std::string value_of(const Settings& settings, const SettingSpec& spec) {
        return spec.takes == Takes::secret ? settings.secret(spec.setting).reveal()
                                           : settings.text(spec.setting);
    }
};

TEST_P(EverySetting, FlagBeatsEnvironmentBeatsFileBeatsProfile) {
    const SettingSpec& spec = GetParam();
    if (!is_plain(spec) || spec.variable.empty()) {
        return;  // settings that read files have their own tests
    }
    const TempFolder folder;
    const std::string variable(spec.variable);
    std::filesystem::create_directory(folder.path("bqconn"));
    folder.write("bqconn/default.env", variable + "=" + good_value(spec, 1) + "\n");
    const std::string file = folder.write("x.env", variable + "=" + good_value(spec, 2) + "\n");
    Environment environment = environment_with({{"XDG_CONFIG_HOME", folder.path()}});
    Typed typed;
    EXPECT_EQ(value_of(resolve_with(typed, environment), spec), good_value(spec, 1));
    typed[Setting::env_file].emplace_back(file);
    EXPECT_EQ(value_of(resolve_with(typed, environment), spec), good_value(spec, 2));
    environment.emplace(variable, Secret(good_value(spec, 3)));
    EXPECT_EQ(value_of(resolve_with(typed, environment), spec), good_value(spec, 3));
    if (!spec.flag.empty()) {
        typed[spec.setting].emplace_back(good_value(spec, 4));
        EXPECT_EQ(value_of(resolve_with(typed, environment), spec), good_value(spec, 4));
        typed[spec.setting].emplace_back(good_value(spec, 5));
        EXPECT_EQ(value_of(resolve_with(typed, environment), spec), good_value(spec, 5))
            << "the last one wins";
    }
}

TEST_P(EverySetting, AnEmptyVariableCountsAsNotSetAndAnEmptyFlagIsAnError) {
    const SettingSpec& spec = GetParam();
    if (!spec.variable.empty()) {
        const Environment environment = environment_with({{spec.variable.data(), ""}});
        const Settings settings = resolve_with({}, environment);
        EXPECT_FALSE(settings.has(spec.setting));
        ASSERT_EQ(settings.warnings().size(), 1U);
        EXPECT_EQ(settings.warnings()[0],
                  std::string(spec.variable) + " (environment) is empty and counts as not set");
    }
    if (!spec.flag.empty() && spec.takes != Takes::yes_no) {
        const Error error = error_of([&] { resolve_with(typed_with({{spec.setting, ""}}), {}); });
        EXPECT_EQ(error.exit_code(), ExitCode::usage);
        EXPECT_NE(error.message().find(spec.flag), std::string::npos);
    }
}

// A secret where the path of a file, or another value, is wanted.
TEST_P(EverySetting, ASecretInTheWrongPlaceIsRefusedUnseen) {
    const SettingSpec& spec = GetParam();
    if (spec.takes == Takes::yes_no || !spec.words.empty()) {
        return;  // quote nothing and take only their words
    }
    const std::string word = "Xk3j29DkslA8wQz7";
    const std::string key = tests::service_account_text();
    for (const std::string& value :
         {key, tests::rsa_key_pem(), key.substr(key.find("KEY-----\\n") + 76, 64),
          "BQCONN_API_SECRET=" + word, "p8e-" + word, "GOCSPX-" + word, "1//0g" + word}) {
        const auto refused = [&](const Typed& typed, const char* variable,
                                 const std::string& name) {
            const Error error = error_of([&] {
                resolve_with(typed, *variable == '\0' ? Environment()
                                                      : environment_with({{variable, value}}));
            });
            const std::string words = error.message() + error.hint();
            EXPECT_TRUE(error.exit_code() == ExitCode::usage ||
                        error.exit_code() == ExitCode::config);
            EXPECT_TRUE(error.message().starts_with(name)) << words;
            EXPECT_EQ(words.find(value.substr(value.size() - 12)), std::string::npos) << words;
            EXPECT_FALSE(error.hint().empty());
        };
        const bool belongs =
            spec.takes == Takes::secret && check_value(spec, value) == std::nullopt;
        const std::string twin = std::string(spec.variable) + "_FILE";
        if (!spec.flag.empty() && !belongs) {
            refused(typed_with({{spec.setting, value}}), "", std::string(spec.flag));
        }
        if (!spec.variable.empty() && !belongs) {
            refused({}, spec.variable.data(), std::string(spec.variable));
        }
        if (spec.takes == Takes::secret) {
            refused(typed_with({{spec.setting, "@" + value}}), "", std::string(spec.flag));
            refused({}, twin.c_str(), twin);
        }
    }
}

TEST_P(EverySetting, APlaceholderIsRefusedFromEverySource) {
    const SettingSpec& spec = GetParam();
    if (spec.group != Group::adobe && spec.group != Group::google) {
        return;
    }
    const TempFolder folder;
    for (const std::string& value : {std::string("\"quoted-value\""), std::string("null"),
                                     std::string("op://vault/item/field")}) {
        const std::string variable(spec.variable);
        const std::string file = folder.write("x.env", variable + "='" + value + "'\n");
        const Error typed = error_of([&] {
            resolve_with(typed_with({{spec.setting, value}}), {});
        });
        const Error set = error_of([&] {
            resolve_with({}, environment_with({{variable.c_str(), value}}));
        });
        const Error stored = error_of([&] {
            resolve_with(typed_with({{Setting::env_file, file}}), {});
        });
        if (spec.takes == Takes::yes_no) {
            EXPECT_EQ(set.exit_code(), ExitCode::usage);
            continue;  // the flag takes no value
        }
        for (const auto& [error, name] :
             {std::pair(typed, std::string(spec.flag)), std::pair(set, variable),
              std::pair(stored, file + ":1")}) {
            EXPECT_NE(error.message().find(name), std::string::npos) << error.message();
            EXPECT_FALSE(error.hint().empty());
        }
        if (spec.setting != Setting::key_file) {  // a file that is missing in any case
            EXPECT_EQ(typed.exit_code(), ExitCode::usage);
            EXPECT_EQ(stored.exit_code(), ExitCode::config);
        }
    }
}

TEST_P(EverySetting, SecretsComeFromFilesAndStandardInput) {
    const SettingSpec& spec = GetParam();
    if (spec.takes != Takes::secret) {
        return;
    }
    const TempFolder folder;
    const std::string file = folder.write("secret", "from-file\n");
    const std::string twin = std::string(spec.variable) + "_FILE";
    EXPECT_EQ(
        resolve_with({}, environment_with({{twin.c_str(), file}})).secret(spec.setting).reveal(),
        "from-file");
    EXPECT_EQ(
        resolve_with(typed_with({{spec.setting, "@" + file}}), {}).secret(spec.setting).reveal(),
        "from-file");
    EXPECT_EQ(resolve_with(typed_with({{spec.setting, "-"}}), {}, "from-stdin\r\n")
                  .secret(spec.setting)
                  .reveal(),
              "from-stdin");
    EXPECT_EQ(error_of([&] {
                  resolve_with(typed_with({{spec.setting, "-"}}), {}, "\n");
              }).exit_code(),
              ExitCode::usage);
    folder.write("secret",
                 "\xef\xbb\xbf"
                 "from-file\r\n");
    EXPECT_EQ(
        resolve_with(typed_with({{spec.setting, "@" + file}}), {}).secret(spec.setting).reveal(),
        "from-file");
    EXPECT_EQ(resolve_with({}, environment_with({{spec.variable.data(), "from-variable\n"}}))
                  .secret(spec.setting)
                  .reveal(),
              "from-variable");
    folder.write("secret", "two\nlines\n");
    const Error error = error_of([&] {
        resolve_with(typed_with({{spec.setting, "@" + file}}), {});
    });
    EXPECT_EQ(error.exit_code(), ExitCode::config);
    EXPECT_EQ(error.message().find("two"), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(All, EverySetting,
                         testing::ValuesIn(all_settings().begin(), all_settings().end()),
                         tests::name_of_row<SettingSpec>);

TEST(Resolve, WordsForYesAndNo) {
    const TempFolder folder;
    for (const auto& [word, on] : {std::pair("true", true),
                                   {"1", true},
                                   {"ON", true},
                                   {"yes", true},
                                   {"false", false},
                                   {"0", false},
                                   {"off", false},
                                   {"No", false}}) {
        EXPECT_EQ(resolve_with({}, environment_with({{"BQCONN_NO_CACHE", word}}))
                      .is_on(Setting::no_cache),
                  on)
            << word;
        const std::string file = folder.write("x.env", "BQCONN_NO_CACHE=" + std::string(word));
        EXPECT_EQ(
            resolve_with(typed_with({{Setting::env_file, file}}), {}).is_on(Setting::no_cache), on)
            << word;
    }
    EXPECT_EQ(error_of([] {
                  resolve_with({}, environment_with({{"BQCONN_NO_CACHE", "2"}}));
              }).code(),
              "usage.invalid_value");
}

TEST(Resolve, AnEmptyVariableYieldsToWhatComesAfterIt) {
    const TempFolder folder;
    const Environment environment =
        environment_with({{"BQCONN_SANDBOX_NAME", ""},
                          {"BQCONN_API_SECRET", "\n"},
                          {"BQCONN_API_SECRET_FILE", folder.write("s", "from-file")}});
    const std::string file = folder.write("x.env", "BQCONN_SANDBOX_NAME=dev\nBQCONN_SCOPES=\n");
    const Settings settings = resolve_with(typed_with({{Setting::env_file, file}}), environment);
    EXPECT_EQ(settings.text(Setting::sandbox_name), "dev");
    EXPECT_EQ(settings.secret(Setting::api_secret).reveal(), "from-file");
    ASSERT_EQ(settings.warnings().size(), 3U);
    EXPECT_EQ(settings.warnings()[1], file + ":2: BQCONN_SCOPES is empty and counts as not set");
    EXPECT_NE(settings.warnings()[2].find("the value is from " + file + ":1"), std::string::npos);
    EXPECT_TRUE(resolve_with(typed_with({{Setting::sandbox_name, "dev"}}),
                             environment_with({{"BQCONN_SANDBOX_NAME", ""}}))
                    .warnings()
                    .empty());
}

// The name of a file is not shown in these places either, though it has no shape of a secret.
TEST(Resolve, AnUnknownWordInPlaceOfAFileIsNotShown) {
    const std::string word = "0123456789abcdef0123456789abcdef";
    const tests::TempFolder folder;
    const auto refusal = [&](Setting setting, const std::string& value) {
        const Environment home = environment_with({{"HOME", folder.path().c_str()}});
        const Error error = error_of([&] { resolve_with(typed_with({{setting, value}}), home); });
        EXPECT_EQ(error.exit_code(), ExitCode::config);
        EXPECT_TRUE(error.message().starts_with(spec_of(setting).flag)) << error.message();
        return error.message() + error.hint();
    };
    for (const Setting setting : {Setting::key_file, Setting::env_file, Setting::credentials,
                                  Setting::ca_file, Setting::log_file, Setting::profile}) {
        EXPECT_EQ(refusal(setting, word).find(word), std::string::npos);
    }
    EXPECT_EQ(refusal(Setting::api_secret, "@the-secret").find("the-secret"), std::string::npos);
    EXPECT_NE(refusal(Setting::ca_file, "~/roots.pem").find("not expanded"), std::string::npos);
}

// A list of files is separated by colons, which JSON has too.
TEST(Resolve, JsonInPlaceOfAListOfFiles) {
    const Error error = error_of([] {
        resolve_with({}, environment_with({{"BQCONN_CREDENTIALS", tests::service_account_text()}}));
    });
    EXPECT_EQ(error.message(),
              "BQCONN_CREDENTIALS (environment) holds JSON itself; it must name a file");
}

TEST(Resolve, ASystemdCredential) {
    const TempFolder folder;
    const std::string file = folder.write("secret", "the-secret", 0440);
    const Environment environment = environment_with(
        {{"CREDENTIALS_DIRECTORY", folder.path()}, {"BQCONN_API_SECRET_FILE", file}});
    EXPECT_EQ(resolve_with({}, environment).secret(Setting::api_secret).reveal(), "the-secret");
}

// ---- credential files

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

TEST(Resolve, ACredentialFileIsHeldToTheSameRules) {
    const TempFolder folder;
    const std::string file = folder.write(
        "user.json",
        R"({"type":"authorized_user","client_id":"id","client_secret":"secret ","refresh_token":"t"})");
    const Error error = error_of([&] {
        resolve_with(typed_with({{Setting::credentials, file}}), {});
    });
    EXPECT_EQ(error.code(), "config.invalid_value");
    EXPECT_TRUE(error.message().starts_with(file + ": client-secret begins or ends with a blank"))
        << error.message();
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

// ---- where a setting came from

TEST(Source, EachKind) {
    EXPECT_EQ(describe(Source{.kind = Kind::flag, .name = "--project"}), "--project");
    EXPECT_EQ(describe(Source{.kind = Kind::environment, .name = "BQCONN_PROJECT"}),
              "BQCONN_PROJECT (environment)");
    EXPECT_EQ(describe(Source{
                  .kind = Kind::env_file, .name = "BQCONN_PROJECT", .file = "ci.env", .line = 3}),
              "ci.env:3: BQCONN_PROJECT");
    EXPECT_EQ(describe(Source{.kind = Kind::profile,
                              .name = "BQCONN_PROJECT",
                              .file = "home/default.env",
                              .line = 1}),
              "home/default.env:1: BQCONN_PROJECT");
    EXPECT_EQ(describe(Source{
                  .kind = Kind::credentials, .name = "project_id", .file = "key.json", .line = 0}),
              "key.json: project_id");
    EXPECT_EQ(
        describe(Source{.kind = Kind::credentials, .name = "", .file = "key.json", .line = 0}),
        "key.json");
    EXPECT_EQ(describe(Source{
                  .kind = Kind::manifest, .name = "table", .file = "bqconn.yaml", .line = 12}),
              "bqconn.yaml:12: table");
    EXPECT_EQ(describe(Source{}), "default");
}

TEST(Source, AFileNameIsShownInert) {
    EXPECT_EQ(
        describe(Source{.kind = Kind::env_file, .name = "A", .file = "a\x1b[31m\nb", .line = 1}),
        "a\xef\xbf\xbd[31m b:1: A");
}

TEST(Resolve, CredentialsForAnotherEnvironmentNeedItsUrls) {
    const TempFolder folder;
    Typed typed = typed_with(
        {{Setting::credentials,
          folder.write("a.json", R"({"org_id": "A@AdobeOrg", "client_id": "x", "secret": "y",)"
                                 R"("environment": "stage", "client_token": "z"})")}});
    const auto refusal = [&] { return error_of([&] { resolve_with(typed, {}); }).message(); };
    EXPECT_NE(refusal().find("a.json: environment: is not"), std::string::npos);
    typed[Setting::platform_url].emplace_back("https://platform.example");
    EXPECT_NE(refusal().find("a.json: environment: is not"), std::string::npos);
    std::istringstream in;
    const Setting no_call[] = {Setting::api_key};
    EXPECT_EQ(resolve(typed, {}, in, no_call).text(Setting::api_key), "x") << "it calls nobody";
    typed[Setting::ims_url].emplace_back("https://ims.example");
    const Settings settings = resolve_with(typed, {});
    EXPECT_EQ(settings.text(Setting::api_key), "x");
    ASSERT_EQ(settings.warnings().size(), 1U);
    EXPECT_EQ(settings.warnings()[0],
              folder.path("a.json") + ": not used: client_token (unknown name)");
}

TEST(XdgFolder, RelativePathsAreIgnored) {
    const TempFolder folder;
    const std::string home = folder.path();
    const auto cache = [](const std::string& cache_home, const std::string& of_user) {
        return xdg_folder(environment_with({{"XDG_CACHE_HOME", cache_home}, {"HOME", of_user}}),
                          "XDG_CACHE_HOME", "/.cache");
    };
    EXPECT_EQ(cache("/c", home), "/c/bqconn");
    EXPECT_EQ(cache("", home), home + "/.cache/bqconn");
    EXPECT_EQ(cache("relative", home), home + "/.cache/bqconn");
    EXPECT_EQ(cache("", ""), "");
    EXPECT_EQ(cache("", home + "/none"), "") << "nothing is created under it";
}

}  // namespace
}  // namespace bqconn::config
