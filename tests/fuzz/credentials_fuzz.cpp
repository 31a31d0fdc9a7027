// A credential file is recognised, or refused with `config` without quoting it.
#include "bqconn/config/credential_file.hpp"

#include "fuzz/fuzz.hpp"

using namespace bqconn;

namespace {

template <class Read>
void check(Read read) {
    try {
        read();
    } catch (const Error& error) {
        fuzz::require(error.exit_code() == ExitCode::config, "the exit code is config");
        fuzz::require(fuzz::all_of(error).find(fuzz::canary) == std::string::npos,
                      "no value is quoted", fuzz::all_of(error));
        fuzz::require(fuzz::is_inert(fuzz::all_of(error)), "the message is inert",
                      fuzz::all_of(error));
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text = fuzz::with_canary(fuzz::text_of(data, size));
    check([&] { config::recognise_credentials(text, "x.json"); });
    check([&] { config::parse_service_account_key(text, "x.json"); });
    return 0;
}
