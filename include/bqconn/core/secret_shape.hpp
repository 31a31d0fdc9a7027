// Recognises secrets by their shape, so that one given in the wrong place is refused and never
// shown. A secret without a distinctive shape (32 hexadecimal digits) is not recognised.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace bqconn {

enum class SecretShape {
    json,
    pem,
    encoded_key,  // Base64 of a key file or a PEM
    base64,
    assignment,  // NAME=value, if the name is one of bqconn's or suggests a secret
    adobe_client_secret,
    google_client_secret,
    google_refresh_token,
    google_access_token,
    access_token,  // a JSON Web Token
};

std::string_view name_of(SecretShape shape);  // "an Adobe client secret"

// None if `text` contains nothing of these shapes. A token is found after any character that is
// neither a letter nor a digit; a document by its start.
std::optional<SecretShape> secret_shape(std::string_view text);

// A name for a message: made inert and in quotes, or "(not shown: …)" if it has such a shape.
std::string in_quotes(std::string_view text);

// Whether a message may quote a name that does not exist: it does not look like a secret, and is
// not a long mix of letters and digits, as random secrets are.
bool is_plainly_a_name(std::string_view text);

// The same for a path. One that starts with a folder (/, ./, ../, ~) is plain even if a part of it
// is such a mix; one with a line break or a part of more than 255 bytes is not.
bool is_plainly_a_path(std::string_view text);

}  // namespace bqconn
