#include "bqconn/config/files.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <chrono>
#include <cstring>
#include <sstream>
#include <thread>

#include "support/expect_error.hpp"
#include "support/temp_folder.hpp"

namespace bqconn::config {
namespace {

using tests::error_of;
using tests::TempFolder;

constexpr ReadOptions secret{.secret = true};
constexpr ReadOptions insecure{.secret = true, .allow_insecure = true};

class Files : public testing::Test {
  protected:
    Error refusal_of(const std::string& path, const ReadOptions& options = {}) {
        const Error error = error_of([&] { read_file(path, options); });
        EXPECT_EQ(error.exit_code(), ExitCode::config);
        EXPECT_TRUE(error.message().starts_with(path + ": ")) << error.message();
        return error;
    }

    // A named pipe, and a writer that waits for its reader.
    std::string pipe_with(const std::string& text) {
        const std::string path = folder_.path("pipe");
        EXPECT_EQ(::mkfifo(path.c_str(), 0644), 0);
        writer_ = std::jthread([path, text] { std::ofstream(path, std::ios::binary) << text; });
        return path;
    }

    TempFolder folder_;
    std::jthread writer_;
};

TEST_F(Files, TheBytesAsTheyAre) {
    const std::string text("\xef\xbb\xbf a\r\n\0\xff b\n\n", 13);
    EXPECT_EQ(read_file(folder_.write("a", text)).reveal(), text);
    EXPECT_EQ(read_file(folder_.write("empty", "")).reveal(), "");
}

TEST_F(Files, UpToOneMebibyte) {
    const std::string text(largest_file, 'x');
    EXPECT_EQ(read_file(folder_.write("a", text)).reveal(), text);
    const Error error = refusal_of(folder_.write("b", text + "x"));
    EXPECT_EQ(error.code(), "config.file_too_large");
    EXPECT_NE(error.message().find("1 MiB"), std::string::npos);
}

TEST_F(Files, Missing) {
    const Error error = refusal_of(folder_.path("none"));
    EXPECT_EQ(error.code(), "config.file_missing");
    EXPECT_FALSE(read_file_if_exists(folder_.path("none")).has_value());
    EXPECT_TRUE(read_file_if_exists(folder_.write("some", "x")).has_value());
}

// The path itself explains why the file is missing.
TEST_F(Files, AMissingFileIsExplained) {
    const std::pair<std::string, const char*> rows[] = {
        {"~/none", "not expanded"}, {"~", "not expanded"},
        {"-", "/dev/stdin"},        {"\"" + folder_.path("x") + "\"", "quotes"},
        {"null", "jq -r"},          {"$HOME/x", "not expanded"},
        {"<path>", "real value"}};
    for (const auto& [path, hint] : rows) {
        const Error error = refusal_of(path);
        EXPECT_EQ(error.code(), "config.file_missing");
        EXPECT_NE((error.message() + error.hint()).find(hint), std::string::npos) << error.hint();
    }
}

TEST_F(Files, APathThatMayBeASecretIsNotShown) {
    for (const std::string& text : {std::string("Xk3j29DkslA8wQz7"), "p8e-" + std::string(12, 'x'),
                                    "/x\n" + std::string("yyyy"), std::string(300, 'z')}) {
        const Error error = error_of([&] { read_file(text); });
        EXPECT_EQ(error.exit_code(), ExitCode::config);
        EXPECT_EQ((error.message() + error.hint()).find(text.substr(3, 4)), std::string::npos)
            << error.message();
    }
}

TEST_F(Files, NoPathAtAll) {
    EXPECT_EQ(error_of([] { read_file(""); }).code(), "config.file_missing");
    const std::string path = folder_.write("a", "x") + std::string("\0.bak", 5);
    EXPECT_EQ(error_of([&] { read_file(path); }).code(), "config.file_missing");
}

TEST_F(Files, AFolder) {
    const Error error = refusal_of(folder_.path());
    EXPECT_EQ(error.code(), "config.file_not_regular");
    EXPECT_NE(error.message().find("a folder"), std::string::npos);
    EXPECT_THROW(read_file_if_exists(folder_.path()), Error);
}

// Not "missing": a default file that exists but cannot be reached must not be skipped.
TEST_F(Files, AFileInThePath) {
    const std::string path = folder_.write("a", "x") + "/b";
    const Error error = refusal_of(path);
    EXPECT_EQ(error.code(), "config.file_unreadable");
    EXPECT_NE(error.message().find("Not a directory"), std::string::npos);
    EXPECT_FALSE(error.hint().empty());
    EXPECT_THROW(read_file_if_exists(path), Error);
}

TEST_F(Files, ALoopOfLinks) {
    const std::string path = folder_.path("loop");
    ASSERT_EQ(::symlink(path.c_str(), path.c_str()), 0);
    EXPECT_EQ(refusal_of(path).code(), "config.file_unreadable");
}

TEST_F(Files, ALinkCountsAsItsTarget) {
    const std::string path = folder_.path("link");
    ASSERT_EQ(::symlink(folder_.write("a", "x", 0644).c_str(), path.c_str()), 0);
    EXPECT_EQ(read_file(path).reveal(), "x");
    EXPECT_EQ(refusal_of(path, secret).code(), "config.file_too_open");
}

TEST_F(Files, APipeIsReadToItsEnd) {
    const std::string text(200'000, 'p');
    EXPECT_EQ(read_file(pipe_with(text), secret).reveal(), text);
}

TEST_F(Files, ADeviceWithoutEndIsTooLarge) {
    EXPECT_EQ(refusal_of("/dev/zero", secret).code(), "config.file_too_large");
    EXPECT_EQ(read_file("/dev/null", secret).reveal(), "");
}

TEST_F(Files, ADescriptorOfTheShellIsReadWhateverItsMode) {
    const int number = ::open(folder_.write("a", "x", 0644).c_str(), O_RDONLY);
    ASSERT_GE(number, 0);
    EXPECT_EQ(read_file("/dev/fd/" + std::to_string(number), secret).reveal(), "x");
    ::close(number);
}

TEST_F(Files, ASocketIsNoFile) {
    const std::string path = folder_.path("s");
    const int number = ::socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    ASSERT_LT(path.size(), sizeof(address.sun_path));
    std::memcpy(address.sun_path, path.c_str(), path.size());
    ASSERT_EQ(::bind(number, reinterpret_cast<const sockaddr*>(&address), sizeof(address)), 0);
    EXPECT_EQ(refusal_of(path).exit_code(), ExitCode::config);
    ::close(number);
}

TEST_F(Files, AFileOfSecretsMustBeClosedToOthers) {
    for (const mode_t mode : {0644U, 0640U, 0604U, 0620U, 0602U, 0666U, 0777U, 0044U}) {
        const std::string path = folder_.write("key.json", "x", mode);
        const Error error = refusal_of(path, secret);
        EXPECT_EQ(error.code(), "config.file_too_open") << mode;
        EXPECT_NE(error.hint().find("chmod 600 " + path), std::string::npos) << error.hint();
        EXPECT_NE(error.hint().find("--allow-insecure-files"), std::string::npos);
        EXPECT_EQ(read_file(path, insecure).reveal(), "x");
        EXPECT_EQ(read_file(path).reveal(), "x");
        EXPECT_EQ(error_of([&] { read_file_if_exists(path, secret); }).code(),
                  "config.file_too_open");
    }
    for (const mode_t mode : {0600U, 0400U, 0700U, 0711U}) {
        EXPECT_EQ(read_file(folder_.write("key.json", "x", mode), secret).reveal(), "x") << mode;
    }
}

// systemd makes its credentials with mode 0440, in a folder that only the service can enter.
TEST_F(Files, ACredentialOfSystemdIsNotTooOpen) {
    const std::string folder = folder_.path("c");
    const ReadOptions options{.secret = true, .credentials_directory = folder};
    std::filesystem::create_directory(folder_.path("c"));
    EXPECT_EQ(read_file(folder_.write("c/key.json", "x", 0440), options).reveal(), "x");
    EXPECT_EQ(refusal_of(folder_.write("c/key.json", "x", 0444), options).code(),
              "config.file_too_open");
    EXPECT_EQ(refusal_of(folder_.write("c/key.json", "x", 0460), options).code(),
              "config.file_too_open");
    for (const char* const outside : {"key.json", "c2", "c/../key.json"}) {
        folder_.write(outside, "x", 0440);
        EXPECT_EQ(refusal_of(folder_.path(outside), options).code(), "config.file_too_open");
    }
    EXPECT_EQ(refusal_of(folder_.write("c/key.json", "x", 0440), secret).code(),
              "config.file_too_open");
}

TEST_F(Files, TheModeIsNamed) {
    EXPECT_NE(refusal_of(folder_.write("a", "x", 0644), secret).message().find("(mode 0644)"),
              std::string::npos);
    EXPECT_NE(refusal_of(folder_.write("a", "x", 0040), secret).message().find("(mode 0040)"),
              std::string::npos);
}

TEST_F(Files, TheCommandFitsTheShell) {
    const auto command = [&](const std::string& name) {
        const std::string hint = refusal_of(folder_.write(name, "x", 0644), secret).hint();
        const std::string start = "chmod 600 ";
        const auto at = hint.find(start) + start.size();
        return hint.substr(at, hint.find("; if") - at);
    };
    EXPECT_EQ(command("it's $HOME.json"), "'" + folder_.path() + "/it'\\''s $HOME.json'");
    EXPECT_EQ(command("plain-1.json"), folder_.path("plain-1.json"));
}

TEST_F(Files, APathIsShownInert) {
    const Error error = error_of([&] { read_file(folder_.path("a\x1b[31m\n::b")); });
    EXPECT_EQ(error.message().find('\x1b'), std::string::npos);
    EXPECT_EQ(error.message().find('\n'), std::string::npos);
}

void ignore_signal(int) {}

// A signal without SA_RESTART interrupts open(2) and read(2) while they wait for the writer.
TEST_F(Files, ASignalDoesNotCutTheRead) {
    struct sigaction action {};
    action.sa_handler = ignore_signal;
    ASSERT_EQ(::sigaction(SIGUSR1, &action, nullptr), 0);
    const std::string path = folder_.path("pipe");
    ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
    writer_ = std::jthread([reader = ::pthread_self(), path] {
        const auto interrupt = [reader] {
            for (int count = 0; count < 10; ++count) {
                std::this_thread::sleep_for(std::chrono::milliseconds(5));
                ::pthread_kill(reader, SIGUSR1);
            }
        };
        interrupt();
        // Opened for reading too, so that it does not wait for a reader that gave up.
        const int pipe = ::open(path.c_str(), O_RDWR);
        interrupt();
        EXPECT_EQ(::write(pipe, "first ", 6), 6);
        interrupt();
        EXPECT_EQ(::write(pipe, "second", 6), 6);
        ::close(pipe);
    });
    std::string text;
    EXPECT_NO_THROW(text = read_file(path).reveal());
    EXPECT_EQ(text, "first second");
}

TEST(ReadStream, UpToItsEnd) {
    std::istringstream in(std::string("a\0b\n", 4));
    EXPECT_EQ(read_stream(in, "--api-secret").reveal(), std::string("a\0b\n", 4));
    std::istringstream empty;
    EXPECT_TRUE(read_stream(empty, "--api-secret").empty());
}

TEST(ReadStream, HasTheSameLimit) {
    std::istringstream most(std::string(largest_file, 'x'));
    EXPECT_EQ(read_stream(most, "--api-secret").size(), largest_file);
    std::istringstream more(std::string(largest_file + 1, 'x'));
    const Error error = error_of([&] { read_stream(more, "--api-secret"); });
    EXPECT_EQ(error.code(), "config.file_too_large");
    EXPECT_TRUE(error.message().starts_with("--api-secret: ")) << error.message();
}

TEST(ReadStream, AStreamThatBreaksIsNoEnd) {
    class Broken : public std::streambuf {
        int_type underflow() override { throw std::runtime_error("gone"); }
    };
    Broken broken;
    std::istream in(&broken);
    EXPECT_EQ(error_of([&] { read_stream(in, "-"); }).code(), "config.file_unreadable");
}

TEST(BareValue, WithoutOneNewlineAndAByteOrderMark) {
    const std::pair<std::string, std::string> cases[] = {
        {"", ""},           {"\n", ""},     {"\r\n", ""},     {"a", "a"},
        {"a\n", "a"},       {"a\r\n", "a"}, {"a\n\n", "a\n"}, {"a\r", "a\r"},
        {"a\n\r\n", "a\n"}, {"\na", "\na"}, {"a ", "a "},     {"\xef\xbb\xbfx\r\n", "x"}};
    for (const auto& [text, kept] : cases) {
        EXPECT_EQ(bare_value(Secret(text)).reveal(), kept);
    }
}

}  // namespace
}  // namespace bqconn::config
