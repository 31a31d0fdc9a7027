// Rules for every setting: a new row of the table is covered automatically.
#include "bqconn/config/resolve.hpp"

#include <gtest/gtest.h>

#include <array>

#include "bqconn/core/error.hpp"
#include "config/resolving.hpp"
#include "support/expect_error.hpp"
#include "support/row_name.hpp"
#include "support/temp_folder.hpp"

namespace bqconn::config {

void PrintTo(const SettingSpec& spec, std::ostream* out) {
    *out << (spec.variable.empty() ? spec.flag : spec.variable);
}

namespace {

using tests::error_of;
using tests::TempFolder;

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

TEST_P(EverySetting, AnEmptyValueIsAnError) {
    const SettingSpec& spec = GetParam();
    if (!spec.variable.empty()) {
        const Error error = error_of([&] {
            resolve_with({}, environment_with({{spec.variable.data(), ""}}));
        });
        EXPECT_EQ(error.exit_code(), ExitCode::usage);
        EXPECT_NE(error.message().find(spec.variable), std::string::npos);
    }
    if (!spec.flag.empty() && spec.takes != Takes::yes_no) {
        const Error error = error_of([&] { resolve_with(typed_with({{spec.setting, ""}}), {}); });
        EXPECT_EQ(error.exit_code(), ExitCode::usage);
        EXPECT_NE(error.message().find(spec.flag), std::string::npos);
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

}  // namespace
}  // namespace bqconn::config
