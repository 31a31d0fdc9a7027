#include "bqconn/output/consent_page.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "bqconn/crypto/encoding.hpp"

namespace bqconn::output {
namespace {

std::string between(const std::string& text, std::string_view begin, std::string_view end) {
    const auto from = text.find(begin) + begin.size();
    return text.substr(from, text.find(end, from) - from);
}

TEST(ConsentPage, EachIsAPageThatEverybodyCanRead) {
    for (const auto& page : {consent_page(Consent::done), consent_page(Consent::refused),
                             consent_page(Consent::failed), consent_page(Consent::unexpected)}) {
        const std::string& html = page.html;
        EXPECT_TRUE(html.starts_with("<!DOCTYPE html>\n<html lang=\"en\">")) << html;
        EXPECT_NE(html.find("<meta name=\"viewport\""), std::string::npos);
        const std::string heading = between(html, "<h1>", "</h1>");
        EXPECT_EQ(between(html, "<title>", "</title>"), heading + " - bqconn");
        EXPECT_EQ(html.find("<script"), std::string::npos);
        EXPECT_EQ(html.find("href"), std::string::npos);
        EXPECT_EQ(html.find("src="), std::string::npos);
    }
    EXPECT_EQ(consent_page(Consent::done).status, 200);
    EXPECT_EQ(consent_page(Consent::unexpected).status, 400);
}

// A style sheet that the policy does not allow is not used.
TEST(ConsentPage, ThePolicyNamesTheStyle) {
    const auto page = consent_page(Consent::done);
    const std::string hash =
        crypto::base64(crypto::sha256(between(page.html, "<style>", "</style>")));
    EXPECT_NE(page.policy.find("style-src 'sha256-" + hash + "'"), std::string::npos);
    EXPECT_TRUE(page.policy.starts_with("default-src 'none';"));
    EXPECT_NE(page.policy.find("frame-ancestors 'none'"), std::string::npos);
    EXPECT_EQ(page.policy.find("unsafe"), std::string::npos);
}

}  // namespace
}  // namespace bqconn::output
