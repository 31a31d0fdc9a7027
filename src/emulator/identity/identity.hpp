// The credentials of one run of the emulator, and Adobe IMS, which issues access tokens for them.
// Generated credentials are random, recognisable as made up, and useless anywhere else.
#pragma once

#include <cstdint>
#include <string>

#include "bqconn/core/secret.hpp"
#include "emulator/server/route.hpp"

namespace bqconn::emulator {

struct Identity {
    // Adobe: what IMS and the gateway accept.
    std::string api_key;
    Secret api_secret;
    std::string org_id;
    // Google: what a command may put into a connection. Flow Service accepts others as well.
    std::string project;
    std::string client_id;
    Secret client_secret;
    Secret refresh_token;
};

Identity make_up_identity();

// "emulated-WHAT-" and random digits.
std::string made_up(const std::string& what);

// A JSON Web Token in Adobe's format, under 1500 bytes if the arguments are short. The signature is
// random: generating a key is slow, and nobody could verify it. The store remembers the tokens that
// it issues. `created_at` is in epoch milliseconds.
std::string adobe_token(const std::string& client_id, const std::string& scopes,
                        std::int64_t created_at);

inline const std::string ims_path = "/ims";

// POST /ims/token/v3: access tokens for a client id and secret (OAuth server-to-server).
void add_ims_routes(Routes& routes);

}  // namespace bqconn::emulator
