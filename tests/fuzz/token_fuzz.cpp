// An IMS answer is a token that fits a header, or a documented error; never "unknown".
#include "bqconn/auth/access_token.hpp"

#include "fuzz/fuzz.hpp"

using namespace bqconn;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::OneAnswer transport(fuzz::response_of(fuzz::text_of(data, size)));
    const connection::ClientCredentials credentials{"https://ims.test", Secret(fuzz::canary),
                                                    "openid"};
    try {
        const auto token = auth::fetch_access_token(transport, credentials, "key");
        for (const char c : token.token.reveal()) {
            fuzz::require(static_cast<unsigned char>(c) > 0x20 && c != 0x7f, "a token is one word");
        }
        fuzz::require(!token.token.empty(), "a token is not empty");
        fuzz::require(token.lifetime.count() >= 0, "a lifetime is not negative");
    } catch (const Error& error) {
        fuzz::check_exit_code(error);
        fuzz::require(error.exit_code() != ExitCode::unknown, "nothing can have been created");
        fuzz::check_shown(error);
    }
    return 0;
}
