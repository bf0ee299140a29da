package io.jollyboat.e2e;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebDriverException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.remote.RemoteWebDriver;

/**
 * A headless Chromium with a profile of its own, as this machine has it: nothing is looked for, downloaded or reported.
 * It finds no name but localhost, and reaches what this machine reaches.
 */
final class Browser implements AutoCloseable {
    /** How somebody sits before it. */
    enum Look {
        WIDE,
        /** A telephone's screen. */
        NARROW,
        /** With a wish for dark pages. */
        DARK
    }

    /** Where pictures are kept, beside the other results of the build. */
    static final Path PICTURES = Path.of("target", "screenshots");

    private static final String CHROMIUM = "/usr/bin/chromium";
    private static final String DRIVER = "/usr/bin/chromedriver";
    private static final Map<String, Object> TELEPHONE =
            Map.of("deviceMetrics", Map.of("width", 360, "height", 740, "pixelRatio", 2, "touch", false));

    private final Path profile;
    private final ChromeDriverService service;
    private final RemoteWebDriver driver;

    private Browser(Path profile, ChromeDriverService service, RemoteWebDriver driver) {
        this.profile = profile;
        this.service = service;
        this.driver = driver;
    }

    static Browser start(Look look) throws IOException {
        Path profile = Files.createTempDirectory("jolly-browser-");
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(new File(DRIVER))
                .usingAnyFreePort()
                .withLogOutput(OutputStream.nullOutputStream())
                .withEnvironment(
                        Map.of("HOME", profile.toString(), "TMPDIR", profile.toString(), "PATH", System.getenv("PATH")))
                .build();
        try {
            service.start();
            return new Browser(profile, service, new RemoteWebDriver(service.getUrl(), options(profile, look), false));
        } catch (IOException | WebDriverException e) {
            remove(profile, service);
            throw e;
        }
    }

    private static ChromeOptions options(Path profile, Look look) {
        ChromeOptions options = new ChromeOptions();
        options.setBinary(CHROMIUM);
        options.addArguments(
                "--headless",
                "--no-sandbox", // root has none
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--no-proxy-server",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--no-pings",
                "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.*, EXCLUDE 10.*",
                "--window-size=1280,800",
                "--hide-scrollbars",
                "--user-data-dir=" + profile.resolve("profile"));
        switch (look) {
            case WIDE -> {}
            case NARROW -> options.setExperimentalOption("mobileEmulation", TELEPHONE);
            case DARK -> options.addArguments("--force-dark-mode");
        }
        return options;
    }

    /** Opens a page; an error page is one too. */
    void open(String url) {
        try {
            driver.get(url);
        } catch (WebDriverException e) {
            if (!String.valueOf(e.getMessage()).contains("net::ERR_")) {
                throw e;
            }
        }
    }

    /** Presses the button with this text, where the page has one, and waits for the page that follows; what it says. */
    String press(String button) {
        List<WebElement> pressed = driver.findElements(By.cssSelector("input[value='" + button + "']"));
        pressed.forEach(WebElement::click);
        Program.eventually(() -> pressed.stream().noneMatch(Browser::isShown), gone -> gone);
        return text();
    }

    /** Whether an element is on the page still, not on one that was left. */
    private static boolean isShown(WebElement element) {
        try {
            return element.isDisplayed();
        } catch (WebDriverException e) {
            return false;
        }
    }

    /**
     * What can be read on the page, a paragraph a line; nothing while another one loads. One script reads it, since a
     * page that is replaced between a search and a look at what was found makes the look fail.
     */
    String text() {
        Object text = driver.executeScript("return document.body ? document.body.innerText : ''");
        return String.valueOf(text).strip().replaceAll("\\n\\s*", "\n");
    }

    String title() {
        return driver.getTitle();
    }

    /** The computed style of the first element that a CSS selector finds. */
    String style(String selector, String property) {
        return driver.findElement(By.cssSelector(selector)).getCssValue(property);
    }

    /** Whether all of the page is seen without scrolling to the side. */
    boolean fitsAcross() {
        return Boolean.TRUE.equals(driver.executeScript(
                "return document.documentElement.scrollWidth <= document.documentElement.clientWidth"));
    }

    /** Keeps a picture of what is seen. */
    void picture(String name) throws IOException {
        Files.createDirectories(PICTURES);
        Files.write(PICTURES.resolve(name + ".png"), driver.getScreenshotAs(OutputType.BYTES));
    }

    @Override
    public void close() throws IOException {
        try {
            driver.quit();
        } catch (WebDriverException e) {
            // It has gone already; what is left of it goes now.
        } finally {
            remove(profile, service);
        }
    }

    private static void remove(Path profile, ChromeDriverService service) throws IOException {
        service.stop();
        Program.eventually(() -> killed(profile), List::isEmpty);
        Program.eventually(() -> deleted(profile), gone -> gone);
    }

    /** The processes that work with the profile, after each was told to end. */
    private static List<ProcessHandle> killed(Path profile) {
        List<ProcessHandle> left = ProcessHandle.allProcesses()
                .filter(process -> commandLine(process).contains(profile.toString()))
                .toList();
        left.forEach(ProcessHandle::destroyForcibly);
        return left;
    }

    private static String commandLine(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(process.pid()), "cmdline"));
        } catch (IOException e) {
            return ""; // it has ended
        }
    }

    private static boolean deleted(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException | java.io.UncheckedIOException e) {
            return !Files.exists(folder);
        }
        return !Files.exists(folder);
    }
}
