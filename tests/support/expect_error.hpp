// Checks what a call throws, and that the error reveals nothing.
#pragma once

#include <gtest/gtest.h>

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "bqconn/core/error.hpp"

namespace bqconn::tests {

// The Error that `call` throws; if it throws none, fails the test and returns an empty one.
inline Error error_of(const std::function<void()>& call) {
    try {
        call();
    } catch (const Error& error) {
        return error;
    }
    ADD_FAILURE() << "no error was thrown";
    return {ExitCode::ok, "", ""};
}

// Everything in an error that a user may see.
inline std::string all_of(const Error& error) {
    return error.message() + "\n" + error.hint() + "\n" + error.code();
}

// True if `text` contains six consecutive letters of `canary`.
inline bool leaks(std::string_view text, std::string_view canary) {
    constexpr std::size_t length = 6;
    for (std::size_t at = 0; at + length <= canary.size(); ++at) {
        if (text.find(canary.substr(at, length)) != std::string_view::npos) {
            return true;
        }
    }
    return false;
}

// `parse` must accept every text, or refuse it with ExitCode::config and without the canary: each
// prefix of `sample`, and `sample` with each byte replaced, removed or doubled.
inline void expect_no_leak(std::string_view sample, std::string_view canary,
                           const std::function<void(std::string_view)>& parse,
                           std::string_view replacements) {
    const auto check = [&](const std::string& text) {
        try {
            parse(text);
        } catch (const Error& error) {
            ASSERT_EQ(error.exit_code(), ExitCode::config) << all_of(error);
            ASSERT_FALSE(leaks(all_of(error), canary)) << all_of(error);
        }
    };
    for (std::size_t at = 0; at < sample.size(); ++at) {
        check(std::string(sample.substr(0, at)));
        for (const char replacement : replacements) {
            std::string text(sample);
            text[at] = replacement;
            check(text);
        }
        std::string text(sample);
        check(text.erase(at, 1));
        check(text.insert(at, 2, sample[at]));
        if (testing::Test::HasFatalFailure()) {
            return;
        }
    }
}

}  // namespace bqconn::tests
