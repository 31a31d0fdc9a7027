#include "bqconn/config/credential_file.hpp"

#include <gtest/gtest.h>

#include "config/credential_samples.hpp"
#include "support/expect_error.hpp"
#include "support/test_keys.hpp"

namespace bqconn::config {
namespace {

using namespace samples;

// Damaged files: the error message, and that it reveals nothing of the content.

// ---- a damaged private key

TEST(CredentialFile, DamageToThePrivateKeyIsTold) {
    const std::string& pem = tests::rsa_key_pem();
    const auto damage = [](const std::string& damaged) {
        const Error error = refusal_of(tests::service_account_text(damaged));
        EXPECT_TRUE(error.message().starts_with("c.json: private_key: ")) << error.message();
        EXPECT_NE(error.hint().find("download a new key"), std::string::npos);
        return error.message();
    };
    const auto replaced = [&pem](const std::string& from, const std::string& to) {
        std::string text = pem;
        for (auto at = text.find(from); at != std::string::npos;
             at = text.find(from, at + to.size())) {
            text.replace(at, from.size(), to);
        }
        return text;
    };
    EXPECT_NE(damage(replaced("\n", "\\n")).find("escaped twice"), std::string::npos);
    EXPECT_NE(damage(replaced("\n", " ")).find("line breaks were lost"), std::string::npos);
    EXPECT_NE(damage(pem.substr(pem.find('\n') + 1)).find("no BEGIN line"), std::string::npos);
    EXPECT_NE(damage(pem.substr(0, pem.size() / 2)).find("no END line"), std::string::npos);
    EXPECT_NE(damage(tests::encrypted_rsa_key_pem()).find("passphrase"), std::string::npos);
    EXPECT_NE(damage(replaced("PRIVATE KEY", "CERTIFICATE")).find("certificate"),
              std::string::npos);
    EXPECT_NE(damage(tests::ec_key_pem()).find("RSA"), std::string::npos);
    EXPECT_NE(damage(pem.substr(0, 200) + pem.substr(210)).find("modified or truncated"),
              std::string::npos);
    expect_refusal(tests::service_account_text(""), "private_key: is empty or a placeholder");
}

TEST(CredentialFile, NoDamageMakesAMessageShowAValue) {
    // Compact, so that the damage does not hit mostly white space.
    const std::string key = tests::service_account(canary).dump();
    for (const auto& sample :
         {authorized_user_text, oauth_client_text, aepp_text, postman_text, console_text, key}) {
        tests::expect_no_leak(
            json::parse(sample).dump(), canary,
            [](std::string_view text) { recognise_credentials(text, "c.json"); },
            std::string_view("\0\"\\}<\xff", 6));
    }
    tests::expect_no_leak(
        key, canary, [](std::string_view text) { parse_service_account_key(text, "c.json"); }, "x");
}

TEST(CredentialFile, NoTruncationOfAKeyFileMakesAMessageShowIt) {
    const std::string text = tests::service_account_text();
    const std::string middle = tests::rsa_key_pem().substr(400, 40);
    for (std::size_t length = 0; length < text.size(); ++length) {
        const std::string part = text.substr(0, length);
        try {
            parse_service_account_key(part, "c.json");
        } catch (const Error& error) {
            ASSERT_FALSE(tests::leaks(tests::all_of(error), middle)) << tests::all_of(error);
            continue;
        }
        EXPECT_EQ(part, text.substr(0, text.size() - 1)) << "only the last newline may be missing";
    }
}

}  // namespace
}  // namespace bqconn::config
