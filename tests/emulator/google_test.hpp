// The emulated Google without sockets, for unit tests.
#pragma once

#include <string>

#include "bqconn/json/parse.hpp"
#include "emulator/emulator.hpp"
#include "emulator/google/google.hpp"

namespace bqconn::emulator {

inline const std::string scope_bigquery = "https://www.googleapis.com/auth/bigquery";
inline const std::string scope_platform = "https://www.googleapis.com/auth/cloud-platform";

// `changes` replace the pairs with the same name; an empty value removes the pair.
inline Pairs changed(Pairs pairs, const Pairs& changes) {
    for (const auto& change : changes) {
        std::erase_if(pairs, [&](const auto& pair) { return pair.first == change.first; });
        if (!change.second.empty()) {
            pairs.push_back(change);
        }
    }
    return pairs;
}

inline std::string encoded(const Pairs& pairs) {
    std::string text;
    for (const auto& [name, value] : pairs) {
        text += (text.empty() ? "" : "&") + percent_encode(name) + "=" + percent_encode(value);
    }
    return text;
}

inline std::string header_of(const Answer& answer, const std::string& name) {
    for (const auto& [key, value] : answer.headers) {
        if (key == name) {
            return value;
        }
    }
    return {};
}

class EmulatedGoogle {
  public:
    explicit EmulatedGoogle(const std::set<GoogleFailure>& failures = {},
                            Clock clock = std::chrono::system_clock::now)
        : emulator(options(failures, std::move(clock))) {
        emulator.set_url("http://127.0.0.1:1");
    }

    Emulator emulator;

    Answer get(const std::string& path, const Pairs& query = {}, const std::string& token = {}) {
        Pairs headers;
        if (!token.empty()) {
            headers.emplace_back("Authorization", "Bearer " + token);
        }
        const std::string target = query.empty() ? path : path + "?" + encoded(query);
        return emulator.answer(make_request("GET", target, headers, {}));
    }

    Answer post(const std::string& path, const Pairs& form) {
        return emulator.answer(make_request(
            "POST", path, {{"Content-Type", "application/x-www-form-urlencoded"}}, encoded(form)));
    }

    Answer consent(const Pairs& changes = {}) {
        return get("/o/oauth2/v2/auth", changed(consent_query(), changes));
    }

    // What the page's form sends if everything stays ticked.
    Answer decide(const std::string& decision, const Pairs& changes = {}) {
        Pairs form = changed(consent_query(), changes);
        form.insert(form.end(), {{"grant", scope_bigquery}, {"grant", scope_platform}});
        form.emplace_back("decision", decision);
        return post("/o/oauth2/v2/auth/decide", form);
    }

    Answer refresh(const Pairs& changes = {}) {
        return post("/token",
                    changed({{"grant_type", "refresh_token"},
                             {"client_id", emulator.identity().client_id},
                             {"client_secret", emulator.identity().client_secret.reveal()},
                             {"refresh_token", emulator.identity().refresh_token.reveal()}},
                            changes));
    }

    Answer exchange(const std::string& code, const Pairs& changes = {}) {
        return post("/token",
                    changed({{"grant_type", "authorization_code"},
                             {"client_id", emulator.identity().client_id},
                             {"client_secret", emulator.identity().client_secret.reveal()},
                             {"code", code},
                             {"code_verifier", verifier},
                             {"redirect_uri", "http://127.0.0.1:8085"}},
                            changes));
    }

    const std::string verifier = std::string(43, 'v');

  private:
    static Options options(const std::set<GoogleFailure>& failures, Clock clock) {
        Options wanted;
        wanted.google = failures;
        wanted.clock = std::move(clock);
        return wanted;
    }

    Pairs consent_query() const {
        return {{"client_id", emulator.identity().client_id},
                {"redirect_uri", "http://127.0.0.1:8085"},
                {"response_type", "code"},
                {"scope", scope_bigquery + " " + scope_platform},
                {"code_challenge", code_challenge_of(verifier)},
                {"code_challenge_method", "S256"},
                {"state", "a state&=<\">"},
                {"access_type", "offline"}};
    }
};

// The query with which a browser is redirected back.
inline Pairs redirect_query(const Answer& answer) {
    const std::string location = header_of(answer, "Location");
    return parse_pairs(location.substr(std::min(location.find('?') + 1, location.size())));
}

inline std::string value_of(const Pairs& pairs, const std::string& name) {
    for (const auto& [key, value] : pairs) {
        if (key == name) {
            return value;
        }
    }
    return {};
}

inline Json document_of(const Answer& answer) {
    return json::parse(answer.body);
}

}  // namespace bqconn::emulator
