#include "bqconn/connection/checks.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace bqconn::connection {
namespace {

void expect_right(Check check, const std::vector<std::string>& values) {
    for (const auto& value : values) {
        const auto finding = check(value);
        EXPECT_FALSE(finding) << value << ": " << finding->problem;
    }
}

void expect_wrong(Check check, const std::vector<std::string>& values,
                  std::string_view problem = "") {
    for (const auto& value : values) {
        const auto finding = check(value);
        ASSERT_TRUE(finding) << value;
        EXPECT_FALSE(finding->problem.empty());
        EXPECT_NE(finding->problem.find(problem), std::string::npos)
            << value << ": " << finding->problem;
    }
}

std::string hint_of(Check check, std::string_view value) {
    const auto finding = check(value);
    return finding ? finding->hint : "no finding";
}

const std::vector<std::string> with_control_characters = {
    "value\n", "value\r\n", "val\tue", "\x1bvalue", "value\x7f", std::string("val\0ue", 6)};
const std::vector<std::string> not_utf8 = {"value\xff", "\xc0\xaf", "\xed\xa0\x80", "value\xc3"};
const std::string huge(100'000, 'a');

// Rules for all of them.
TEST(Checks, EveryCheckRefusesWhatNoValueMayHold) {
    for (const Check check :
         {check_project_id, check_dataset_id, check_sandbox_name, check_org_id,
          check_connection_name, check_scopes, check_plain_value, check_header_value}) {
        expect_wrong(check, {""}, "is empty");
        expect_wrong(check, with_control_characters, "control character");
        expect_wrong(check, not_utf8, "UTF-8");
    }
}

TEST(Checks, LongValuesAreNoTrouble) {
    for (const Check check :
         {check_project_id, check_dataset_id, check_sandbox_name, check_scopes}) {
        expect_wrong(check, {huge, huge + "." + huge, huge + "," + huge});
    }
    expect_right(check_plain_value, {huge});
    expect_right(check_org_id, {huge + "@AdobeOrg"});
}

TEST(Checks, ValuesThatCannotBeReal) {
    const std::pair<const char*, std::vector<std::string>> rows[] = {
        {"quotation mark",
         {"\"abc\"", "'abc'", "abc\"",
          "\xe2\x80\x9c"
          "abc"}},
        {"blank",
         {" abc", "abc ", "abc\xc2\xa0",
          "\xef\xbb\xbf"
          "abc"}},
        {"missing value", {"null", "undefined", "None", "<nil>", "[object Object]"}},
        {"CI service", {"${{ secrets.TOKEN }}", "x${{ secrets.TOKEN }}"}},
        {"1Password", {"op://vault/item/field"}},
        {"sops", {"ENC[AES256_GCM,data:abc,type:str]"}},
        {"secret store",
         {"vault:secret/data/x#y", "ref+vault://x", "arn:aws:secretsmanager:x", "awssm://x",
          "@Microsoft.KeyVault(SecretUri=x)", "projects/1/secrets/x/versions/2"}},
        {"not expanded", {"$TOKEN", "${TOKEN}", "$(TOKEN)", "%TOKEN%", "$env:TOKEN"}},
        {"placeholder",
         {"<refresh token>", "{{REFRESH_TOKEN}}", "{API_KEY}", "[redacted]", "#{Token}#",
          "__TOKEN__", "your-client-secret", "YOUR_API_KEY", "changeme", "***", "xxxxxxxx"}},
        {"percent-encoded", {"1%2F%2F0abc", "1%2f%2f0abc"}},
        {"line break", {"abc\\n", "abc\\r"}}};
    for (const auto& [problem, values] : rows) {
        expect_wrong(check_real_value, values, problem);
        for (const auto& value : values) {
            EXPECT_NE(hint_of(check_real_value, value), "") << value;
        }
    }
    expect_right(check_real_value,
                 {"", "abc", "a\"b", "nullable", "p@ss$word%", "yourself", "your-company-prod",
                  "xxx", "a<b>", "1//0g-_x", "https://platform.adobe.io", "ftp://x",
                  "domain.com:project", "a/secrets/b", huge});
}

TEST(Checks, AHintDoesNotRepeatWhatMayBeASecret) {
    const std::string word = "Xk3j29DkslA8wQz7";
    EXPECT_EQ(hint_of(check_sandbox_name, word).find("xk3"), std::string::npos);
    EXPECT_EQ(hint_of(check_org_id, word).find(word), std::string::npos);
    EXPECT_EQ(hint_of(check_dataset_id, "my-project." + word).find(word), std::string::npos);
}

TEST(Checks, PlainValue) {
    expect_right(check_plain_value, {"x", "Größe 🙂", " a b ", "\"'$`\\"});
}

TEST(Checks, Description) {
    expect_right(check_description, {"one line", "two\nlines\n", "Größe"});
    expect_wrong(check_description, {"a\r\nb", "a\tb", "\x1b[31m"}, "control character");
    expect_wrong(check_description, {""}, "is empty");
    expect_wrong(check_description, not_utf8, "UTF-8");
}

TEST(Checks, HeaderValue) {
    expect_right(check_header_value, {"abc", "a~!@#$%^&*()_+-=,./", "ABCDEF@AdobeOrg"});
    expect_wrong(check_header_value, {"a b", " a", "a ", "ä", "a\xc2\xa0"}, "non-ASCII");
}

TEST(Checks, ProjectId) {
    expect_right(check_project_id,
                 {"my-project-123", "abcdef", "a23456", "a" + std::string(29, '0'),
                  "example.com:my-project", "sub.example-1.com:abcdef"});
    expect_wrong(
        check_project_id,
        {"abcde", "a" + std::string(30, '0'), "1abcdef", "-abcdef", "abcdef-", "My-Project",
         "my_project", "my project", "my.project", "example.com:", ":my-project", "a:b:my-project",
         "projects/my-project", "my-project.dataset", "müller-projekt"},
        "not a Google Cloud project id");
}

TEST(Checks, AProjectNumberIsNamedAsSuch) {
    expect_wrong(check_project_id, {"123456789012", "1"}, "project number");
}

TEST(Checks, DatasetId) {
    expect_right(check_dataset_id, {"a", "tmp_results", "_1", "A1", std::string(1024, 'a')});
    expect_wrong(check_dataset_id,
                 {std::string(1025, 'a'), "tmp-results", "tmp results", "größe", "my-project.",
                  "my-project.tmp-results", "a/b", "`p.d`"},
                 "is not a BigQuery dataset id");
}

TEST(Checks, AQualifiedDatasetGetsTheRightForm) {
    for (const std::string value : {"my-project.tmp_results", "my-project:tmp_results",
                                    "example.com:my-project.tmp_results"}) {
        expect_wrong(check_dataset_id, {value}, "must be a bare dataset id");
        EXPECT_EQ(hint_of(check_dataset_id, value),
                  "use \"tmp_results\" instead of \"" + value + "\"");
    }
}

TEST(Checks, SandboxName) {
    expect_right(check_sandbox_name, {"prod", "dev-2", "0", "a" + std::string(255, 'b')});
    expect_wrong(check_sandbox_name, {"Prod", "DEV-2"}, "must be lower case");
    EXPECT_NE(hint_of(check_sandbox_name, "Prod").find("\"prod\""), std::string::npos);
    expect_wrong(check_sandbox_name, {"-dev", "a_b", "a.b", "a/b"}, "is not a sandbox name");
    // Probably a title.
    EXPECT_NE(hint_of(check_sandbox_name, "Production VA7").find("not its title"),
              std::string::npos);
}

TEST(Checks, OrgId) {
    expect_right(check_org_id, {"0123456789ABCDEF@AdobeOrg", "a@AdobeOrg"});
    for (const std::string value : {"0123ABCD", "0123ABCD@", "0123ABCD@adobeorg",
                                    "0123ABCD@AdobeOrg@AdobeOrg", "0123ABCD@AdobeOrgs"}) {
        expect_wrong(check_org_id, {value}, "must end in \"@AdobeOrg\"");
        EXPECT_EQ(hint_of(check_org_id, value), "did you mean \"0123ABCD@AdobeOrg\"?");
    }
    expect_wrong(check_org_id, {"@AdobeOrg", "a-b@AdobeOrg", "a/b@AdobeOrg"},
                 "is not an Adobe organisation id");
    expect_wrong(check_org_id, {"a b@AdobeOrg", "a@AdobeOrg "}, "contains a space");
}

TEST(Checks, ConnectionName) {
    expect_right(check_connection_name, {"Warehouse", "Google BigQuery my-project", "Größe, a/b"});
    expect_wrong(check_connection_name, {" a", "a ", " "}, "begins or ends with a space");
}

TEST(Checks, Scopes) {
    expect_right(check_scopes,
                 {"openid", "openid,session,AdobeID,additional_info.projectedProductContext",
                  "https://host/auth/x,a:b-c"});
    expect_wrong(check_scopes, {"a, b", "a b", ",a", "a,", "a,,b", "a;b", "ä"},
                 "is not a list of scopes");
}

TEST(Checks, ClientIdWarnings) {
    EXPECT_FALSE(warn_client_id("123-abc.apps.googleusercontent.com"));
    EXPECT_NE(warn_client_id("764086051850-x.apps.googleusercontent.com")->find("gcloud's own"),
              std::string::npos);
    EXPECT_NE(warn_client_id("abc")->find(".apps.googleusercontent.com"), std::string::npos);
}

TEST(Checks, TokenWarnings) {
    EXPECT_FALSE(warn_refresh_token("made-up"));
    EXPECT_NE(warn_refresh_token("ya29.x")->find("access token"), std::string::npos);
    EXPECT_NE(warn_refresh_token("4/x")->find("authorisation code"), std::string::npos);
    EXPECT_FALSE(warn_access_token("made-up"));
    EXPECT_TRUE(warn_access_token("Bearer x"));
    EXPECT_TRUE(warn_access_token("bearer x"));
}

// No finding quotes the value: these checks are also used for secrets.
TEST(Checks, ChecksOfSecretsDoNotQuote) {
    for (const std::string value :
         {"qvxzjk wpyq", "qvxzjk\nwpyq", "qvxzjk\xff", "qvxzjk\xc3\xa4"}) {
        for (const Check check : {check_plain_value, check_header_value}) {
            if (const auto finding = check(value)) {
                EXPECT_EQ((finding->problem + finding->hint).find("qvx"), std::string::npos);
            }
        }
    }
}

}  // namespace
}  // namespace bqconn::connection
