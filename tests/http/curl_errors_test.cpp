#include "http/curl_errors.hpp"

#include <curl/curl.h>
#include <gtest/gtest.h>

#include <set>

namespace bqconn::http {
namespace {

// Beyond CURL_LAST too: a newer libcurl may have more.
constexpr int beyond = CURL_LAST + 50;

TEST(CurlErrors, EveryCodeIsAssigned) {
    const std::set<std::string_view> codes{
        "network.dns",     "network.connect",  "network.proxy", "network.timeout",
        "network.reset",   "network.protocol", "network.other", "network.truncated",
        "tls.certificate", "tls.handshake",    "tls.ca_file",
    };
    std::set<std::string_view> seen;
    for (int code = 1; code < beyond; ++code) {
        for (const bool left : {false, true}) {
            const Failure failure = classify(code, left);
            SCOPED_TRACE(code);
            EXPECT_TRUE(codes.contains(failure.code)) << failure.code;
            EXPECT_EQ(failure.sent, left ? Sent::maybe : Sent::no);
            EXPECT_FALSE(failure.what.empty());
            EXPECT_FALSE(failure.hint.empty());
            const bool tls = failure.code.starts_with("tls.");
            const auto expected = failure.code == "tls.ca_file" ? ExitCode::config
                                  : tls                         ? ExitCode::tls
                                                                : ExitCode::network;
            EXPECT_EQ(failure.exit_code, expected);
            seen.insert(failure.code);
        }
    }
    EXPECT_EQ(seen, codes);  // the table has no unused entries
}

TEST(CurlErrors, NeverInvitesToRunASentRequestAgain) {
    for (int code = 1; code < beyond; ++code) {
        EXPECT_FALSE(classify(code, true).hint.starts_with("run the command again")) << code;
    }
}

TEST(CurlErrors, TheHintOfAReadDoesNotWarnThatItMayHaveBeenReceived) {
    for (int code = 1; code < beyond; ++code) {
        const std::string_view hint = classify(code, true, true).hint;
        EXPECT_FALSE(hint.empty()) << code;
        EXPECT_EQ(hint.find("received"), std::string_view::npos) << code;
    }
    EXPECT_TRUE(classify(CURLE_RECV_ERROR, true, true).hint.starts_with("run the command again"));
}

// libcurl 7.88 quotes the proxy setting in these, including user name and password.
TEST(CurlErrors, WhatSpeaksOfAProxyIsNotShown) {
    for (int code = 1; code < beyond; ++code) {
        for (const auto* text :
             {"Unsupported proxy scheme for 'x://user:canary@proxy:1'",
              "Unsupported proxy syntax in 'http://user:canary@PROXY:x': Port number"}) {
            EXPECT_EQ(reason_to_show(code, text).find("canary"), std::string::npos) << code;
        }
    }
}

TEST(CurlErrors, ReasonsAreInert) {
    const std::string shown = reason_to_show(CURLE_PEER_FAILED_VERIFICATION, "CN \x1b[31m ::x\r\n");
    EXPECT_EQ(shown.find('\x1b'), std::string::npos);
    EXPECT_EQ(shown.find('\n'), std::string::npos);
    EXPECT_EQ(reason_to_show(CURLE_OUT_OF_MEMORY, "canary"), "Out of memory");
    EXPECT_FALSE(reason_to_show(CURLE_GOT_NOTHING, "").empty());
}

}  // namespace
}  // namespace bqconn::http
