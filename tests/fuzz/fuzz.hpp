// Shared by the fuzz targets. A violated property aborts the program, like a crash.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "bqconn/core/error.hpp"
#include "bqconn/http/transport.hpp"
#include "bqconn/output/console.hpp"

namespace bqconn::fuzz {

inline void require(bool holds, const char* property, const std::string& seen = {}) {
    if (!holds) {
        std::fprintf(stderr, "property violated: %s\n%s\n", property, seen.c_str());
        std::abort();
    }
}

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
    return {reinterpret_cast<const char*>(data), size};
}

// Stands for a secret in the input. Its mixed case rules out the name of a variable or flag.
inline const std::string canary = "Kq7ZxWv3JtYb9Lm2";

// The input with every byte 1 replaced by the canary.
inline std::string with_canary(std::string_view input) {
    std::string text;
    for (const char c : input) {
        if (c == '\1') {
            text += canary;
        } else {
            text += c;
        }
    }
    return text;
}

inline std::string all_of(const Error& error) {
    return error.message() + "\n" + error.hint() + "\n" + error.code() + "\n" + error.request_id();
}

// Whether `text` contains anything that must not be shown from others' text.
bool is_inert(std::string_view text);

// The error as the console writes it, with the canary as a known secret, as text and as JSON; both
// must be inert and without the canary.
void check_shown(const Error& error);

// Whether the error is a documented one and not a bug.
inline void check_exit_code(const Error& error) {
    const int code = static_cast<int>(error.exit_code());
    require(code >= 2 && code <= 14, "the exit code is documented", all_of(error));
}

// Always returns the same answer.
class OneAnswer final : public http::Transport {
  public:
    explicit OneAnswer(http::Response response) : response_(std::move(response)) {}
    http::Response send(const http::Request&) override {
        ++calls;
        require(calls < 1000, "the number of calls is bounded");
        return response_;
    }
    int calls = 0;

  private:
    http::Response response_;
};

// The first two bytes set the status, from 200 to 599; a header line may follow; the rest is the
// body.
http::Response response_of(std::string_view input);

}  // namespace bqconn::fuzz
