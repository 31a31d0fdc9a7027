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

}  // namespace
}  // namespace bqconn::config
