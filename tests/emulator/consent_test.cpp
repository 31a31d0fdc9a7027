#include "emulator/google/google.hpp"

#include <gtest/gtest.h>

#include "emulator/google_test.hpp"

namespace bqconn::emulator {
namespace {

void expect_page(const Answer& answer, int status, const std::string& text) {
    EXPECT_EQ(answer.status, status);
    EXPECT_EQ(header_of(answer, "Content-Type"), "text/html; charset=utf-8");
    EXPECT_NE(answer.body.find(text), std::string::npos) << answer.body;
}

TEST(GoogleConsent, PageForAPerson) {
    EmulatedGoogle google;
    const Answer answer = google.consent();
    expect_page(answer, 200, "id=\"allow\"");
    expect_page(answer, 200, "id=\"deny\"");
    for (const auto& [id, scope] :
         Pairs{{"bigquery", scope_bigquery}, {"cloud-platform", scope_platform}}) {
        expect_page(answer, 200,
                    "id=\"" + id + "\" value=\"" + scope + "\" checked> <label for=\"" + id + "\"");
    }
    expect_page(answer, 200, "name=\"state\" value=\"a state&amp;=&lt;&quot;&gt;\"");
    EXPECT_EQ(answer.body.find("a state&=<"), std::string::npos);
}

TEST(GoogleConsent, AllowAndDeny) {
    EmulatedGoogle google;
    const Answer allowed = google.decide("allow");
    EXPECT_EQ(allowed.status, 302);
    EXPECT_TRUE(header_of(allowed, "Location").starts_with("http://127.0.0.1:8085/?state=a%20"));
    EXPECT_EQ(value_of(redirect_query(allowed), "state"), "a state&=<\">");
    EXPECT_TRUE(value_of(redirect_query(allowed), "code").starts_with("4/emulated-code-"));
    EXPECT_EQ(value_of(redirect_query(allowed), "scope"), scope_bigquery + " " + scope_platform);
    const Answer denied = google.decide("deny", {{"state", ""}});
    EXPECT_EQ(header_of(denied, "Location"), "http://127.0.0.1:8085/?error=access_denied");
    expect_page(google.decide("maybe"), 400, "Error 400: invalid_request");
}

TEST(GoogleConsent, OnlyWhatIsTicked) {
    EmulatedGoogle google;
    const Answer some = google.decide("allow", {{"scope", scope_platform}});
    EXPECT_EQ(value_of(redirect_query(some), "scope"), scope_platform);
    const Answer none = google.decide("allow", {{"scope", "openid"}});
    EXPECT_EQ(value_of(redirect_query(none), "error"), "access_denied");
}

TEST(GoogleConsent, DecidesByItself) {
    EmulatedGoogle allow({GoogleFailure::allow});
    EXPECT_EQ(value_of(redirect_query(allow.consent()), "scope"),
              scope_bigquery + " " + scope_platform);
    EmulatedGoogle untick({GoogleFailure::untick});
    EXPECT_EQ(value_of(redirect_query(untick.consent()), "scope"), scope_bigquery);
    EmulatedGoogle deny({GoogleFailure::deny});
    EXPECT_EQ(value_of(redirect_query(deny.consent()), "error"), "access_denied");
    EXPECT_EQ(value_of(redirect_query(deny.consent()), "state"), "a state&=<\">");
}

TEST(GoogleConsent, RedirectToThisMachineOnly) {
    EmulatedGoogle google;
    for (const char* const uri :
         {"http://127.0.0.1:1", "http://localhost:65535/", "http://[::1]:8085"}) {
        EXPECT_EQ(google.consent({{"redirect_uri", uri}}).status, 200) << uri;
    }
    for (const char* const uri :
         {"http://127.0.0.1", "http://127.0.0.1:", "http://127.0.0.1:0", "http://127.0.0.1:65536",
          "http://127.0.0.1:80/callback", "http://127.0.0.1:80//", "https://127.0.0.1:80",
          "http://127.0.0.1:80@evil.example", "http://127.0.0.2:80", "http://localhost:8x",
          "urn:ietf:wg:oauth:2.0:oob"}) {
        expect_page(google.consent({{"redirect_uri", uri}}), 400,
                    "Error 400: redirect_uri_mismatch");
    }
}

TEST(GoogleConsent, Refusals) {
    EmulatedGoogle google;
    for (const char* const name : {"client_id", "redirect_uri", "response_type", "scope",
                                   "code_challenge", "code_challenge_method"}) {
        expect_page(google.consent({{name, ""}}), 400, "Error 400: invalid_request");
    }
    expect_page(google.consent({{"client_id", "<other>"}}), 401, "Error 401: invalid_client");
    expect_page(google.consent({{"response_type", "token"}}), 400, "unsupported_response_type");
    expect_page(google.consent({{"scope", "made-up"}}), 400, "Error 400: invalid_scope");
    expect_page(google.consent({{"scope", scope_bigquery + "," + scope_platform + " "}}), 400,
                "Error 400: invalid_scope");
    expect_page(google.consent({{"code_challenge_method", "plain"}}), 400, "must be S256");
    for (const auto& challenge :
         {std::string(42, 'a'), std::string(44, 'a'), std::string(42, 'a') + "="}) {
        expect_page(google.consent({{"code_challenge", challenge}}), 400, "43 characters");
    }
    expect_page(google.consent({{"access_type", "x"}}), 400, "access_type");
    expect_page(google.decide("allow", {{"redirect_uri", "http://evil.example"}}), 400,
                "redirect_uri_mismatch");
}

}  // namespace
}  // namespace bqconn::emulator
