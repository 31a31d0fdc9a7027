// How dotenv text must be refused, for bad lines and bad values alike.
#pragma once

#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <string_view>

#include "bqconn/config/dotenv.hpp"
#include "support/expect_error.hpp"

namespace bqconn::config::forms {

struct Refused {
    std::string_view written;
    std::string_view message;  // part of it
    std::string_view hint;     // part of it
};

inline void PrintTo(const Refused& form, std::ostream* out) {
    *out << testing::PrintToString(std::string(form.written));
}

inline constexpr std::string_view quote_it = "BQCONN_A='…'";
inline constexpr std::string_view double_quote_it = "BQCONN_A=\"…\"";
inline constexpr std::string_view write_line = "write NAME=value";

inline Error refusal_of(std::string_view text) {
    return tests::error_of([text] { parse_dotenv(text, "ci.env"); });
}

// Wherever the line is, the error names it and shows none of its content.
inline void expect_refused(const Refused& form) {
    for (const std::size_t line : {1U, 3U}) {
        std::string text = line == 1 ? "" : "# comment\r\nBQCONN_FIRST=1\n";
        text += std::string(form.written) + "\nBQCONN_LAST=2\n";
        const Error error = refusal_of(text);
        EXPECT_EQ(error.exit_code(), ExitCode::config);
        EXPECT_EQ(error.code(), "config.dotenv");
        EXPECT_TRUE(error.message().starts_with("ci.env:" + std::to_string(line) + ": "))
            << error.message();
        EXPECT_NE(error.message().find(form.message), std::string::npos) << error.message();
        EXPECT_NE(error.hint().find(form.hint), std::string::npos) << error.hint();
        EXPECT_EQ(tests::all_of(error).find("zebra"), std::string::npos) << tests::all_of(error);
    }
}

}  // namespace bqconn::config::forms
