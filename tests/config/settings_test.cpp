#include "bqconn/config/settings.hpp"

#include <gtest/gtest.h>

#include <string>

#include "bqconn/config/assemble.hpp"
#include "bqconn/http/transport.hpp"

namespace bqconn::config {
namespace {

TEST(Defaults, PassTheirOwnChecks) {
    for (const auto& spec : all_settings()) {
        const auto value = spec_of(spec.setting).fallback;
        if (!value.empty()) {
            EXPECT_FALSE(check_value(spec, value)) << spec.flag;
        }
    }
}

TEST(Defaults, AreThoseThatTheHelpNames) {
    int named = 0;
    for (const auto& spec : all_settings()) {
        const auto at = spec.help.find("Default: ");
        const auto value = spec_of(spec.setting).fallback;
        if (at == std::string_view::npos || value.empty() || spec.setting == Setting::scopes) {
            continue;
        }
        ++named;
        EXPECT_TRUE(spec.help.substr(at + 9).starts_with(value)) << spec.help;
    }
    EXPECT_GE(named, 8);
}

TEST(Defaults, AreThoseThatAreUsed) {
    Missing missing;
    EXPECT_EQ(access(Settings(), missing).platform_url, spec_of(Setting::platform_url).fallback);
    const http::TransportOptions options = transport_options(Settings());
    EXPECT_EQ(std::to_string(options.connect_timeout.count() / 1000),
              spec_of(Setting::connect_timeout).fallback);
    EXPECT_EQ(options.timeout, http::TransportOptions().timeout);
}

TEST(Numbers, AreWholeAndInTheirRange) {
    const auto problem = [](Setting setting, const char* value) {
        const auto finding = check_value(spec_of(setting), value);
        return finding ? finding->problem : "";
    };
    for (const char* const value : {"1", "4", "32"}) {
        EXPECT_EQ(problem(Setting::parallel, value), "") << value;
    }
    for (const char* const value :
         {"", "0", "33", "-1", "+4", "04", "4.0", "four", "99999999999999999999"}) {
        EXPECT_EQ(problem(Setting::parallel, value), "must be a whole number from 1 to 32")
            << value;
    }
    EXPECT_EQ(problem(Setting::limit, "9999999"), "");
    EXPECT_EQ(problem(Setting::limit, "10000000"), "must be a whole number from 1 to 9999999");
}

}  // namespace
}  // namespace bqconn::config
